"""What ``maillage coverage`` writes: the table, the nearest, places in reach."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from explorer.cli.common import say, settings
from explorer.cli.tabular import print_csv
from graph.messages import text

if TYPE_CHECKING:
    from explorer.services.access import Distances
    from explorer.services.accessibility import Accessibility
    from explorer.services.coverage import CoverageAnswer


class Found(NamedTuple):
    """An answer: the table, and the nearest and places in reach where they were asked for.

    `notes` stand before everything else that must be said: how a polygon file was read.
    """

    table: CoverageAnswer
    near: Distances | None
    reach: Accessibility | None
    notes: Sequence[str] = ()


def document_of(found: Found) -> dict[str, object]:
    """Return the JSON document of an answer, with what was asked beside the table."""
    from explorer.services.access_documents import access_as_json, distances_as_json
    from explorer.services.coverage_documents import coverage_as_json
    from explorer.services.coverage_words import caveats

    language = settings().language
    said = coverage_as_json(found.table, language)
    said["caveats"] = [*found.notes, *caveats(found.table, language)]
    if found.near:
        said["distances"] = distances_as_json(found.near, language)
    if found.reach:
        said["accessibility"] = access_as_json(found.reach, language)
    return said


def print_table(found: Found) -> None:
    """Print the table that was asked for, and on standard error what stands beside it."""
    from explorer.services.access_documents import access_rows, nearest_rows
    from explorer.services.access_words import access_notes, distance_notes
    from explorer.services.coverage_documents import coverage_rows
    from explorer.services.coverage_words import caveats

    language = settings().language
    say_all(found.notes)
    if found.near:
        print_csv(nearest_rows(found.near))
        say_all(distance_notes(found.near, language))
    elif found.reach:
        print_csv(access_rows(found.reach, language))
        _say_why(found.reach)
        say_all(access_notes(found.reach, language))
    else:
        _say_no_rows(found.table)
        print_csv(coverage_rows(found.table))
        say_all(caveats(found.table, language))


def print_answer(found: Found) -> None:
    """Print everything for a person, what stands beside on standard error."""
    from explorer.services.access_words import (
        access_lines,
        access_notes,
        distance_lines,
        distance_notes,
    )
    from explorer.services.coverage_words import caveats, coverage_lines

    language = settings().language
    _say_no_rows(found.table)
    print_lines(coverage_lines(found.table, language))
    say_all(found.notes)
    say_all(caveats(found.table, language))
    if found.near:
        print_lines(distance_lines(found.near, language))
        say_all(distance_notes(found.near, language))
    if found.reach:
        print_lines(access_lines(found.reach, language))
        say_all(access_notes(found.reach, language))


def _say_no_rows(answer: CoverageAnswer) -> None:
    if not answer.rows:
        level = text(f"level.{answer.question.level}", settings().language)
        say("coverage.line.no_rows", level=level)


def _say_why(reach: Accessibility) -> None:
    if reach.why is not None:
        kind = text(f"kind_short.{reach.kind}", settings().language)
        say(f"access.why.{reach.why}", kind=kind)


def print_lines(lines: Iterable[str]) -> None:
    """Write lines on standard output."""
    for line in lines:
        click.echo(line)


def say_all(sentences: Iterable[str]) -> None:
    """Write sentences on standard error."""
    for sentence in sentences:
        click.echo(sentence, err=True)
