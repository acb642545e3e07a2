"""Commands on coverage: who serves a territory, and whom to sign with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from explorer.cli.accessing import (
    ACCESS_OPTIONS,
    accessibility,
    distances,
    placed,
    take_options,
    times_of,
)
from explorer.cli.asking import NO_FOCUS, as_of_date, known
from explorer.cli.common import command, opened, print_json, say, settings
from explorer.cli.tabular import print_csv
from explorer.selection import Selection
from graph.errors import InputError
from graph.messages import text
from graph.store.port import GraphStore
from graph.vocabulary import KINDS, LEVELS, Status

if TYPE_CHECKING:
    from explorer.services.access import Distances
    from explorer.services.accessibility import Accessibility
    from explorer.services.coverage import CoverageAnswer
    from explorer.services.coverage_reading import CoverageQuestion
    from graph.analysis.demand import Shape

POPULATIONS = ("total", "65", "75")
DEMANDS = ("grid", "centroid")

_FILTERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--as-of", default=None, help="2026-11-22 or 2026-11 (today)"),
    click.option("--territory", "territories", multiple=True, help="LEVEL:CODE"),
    click.option("--focus", default=None, help="a structure's id, or none"),
    click.option("--theme", "themes", multiple=True),
    click.option("--status", "statuses", multiple=True),
    click.option("--activity", default=None, help="only structures with this activity"),
    click.option("--population", default=None, help="total, 65 or 75 (those whom a kind concerns)"),
    click.option("--recruitment", type=click.Path(path_type=Path), help="stays by commune"),
    click.option("--demand", default=None, help="grid (usual) or centroid"),
)


def _filtered(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the filters that the two share."""
    return reduce(lambda done, option: option(done), reversed(_FILTERS), function)


def _timed(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options on times."""
    return reduce(lambda done, option: option(done), reversed(ACCESS_OPTIONS), function)


@click.command()
@click.option("--level", required=True, help=", ".join(LEVELS))
@click.option("--kind", "kinds", multiple=True)
@click.option("--radius-km", type=float, default=None, help="also say who is in reach")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@_timed
@_filtered
@command
def coverage(
    level: str,
    kinds: tuple[str, ...],
    radius_km: float | None,
    as_json: bool,
    as_csv: bool,
    **filters: Any,  # noqa: ANN401 - the options of _FILTERS
) -> None:
    """Print who serves each territory, kind by kind: own sites, partners, others, nobody."""
    from explorer.services.coverage import coverage_of

    known("level", (level,), LEVELS)
    asked = take_options(filters, radius=radius_km, csv=as_csv)
    with opened(ready=True) as store:
        times = times_of(asked, store)
        question = _question(store, level, kinds, radius_km, filters)
        question = placed(question, times, filters["demand"])
        answer = coverage_of(store, msgspec.structs.replace(question, minutes=asked.minutes), times)
        near = distances(asked, store, question, times)
        reach = accessibility(asked, store, question, times)
    if as_json:
        print_json(_document(answer, near, reach))
    elif as_csv:
        _print_csv(answer, near, reach)
    else:
        _print_all(answer, near, reach)


def _document(
    answer: CoverageAnswer, near: Distances | None, reach: Accessibility | None
) -> dict[str, object]:
    from explorer.services.access_documents import access_as_json, distances_as_json
    from explorer.services.coverage_documents import coverage_as_json

    language = settings().language
    found = coverage_as_json(answer, language)
    found |= {"distances": distances_as_json(near, language)} if near else {}
    return found | ({"accessibility": access_as_json(reach, language)} if reach else {})


def _print_csv(answer: CoverageAnswer, near: Distances | None, reach: Accessibility | None) -> None:
    """Print the table that was asked for, and on standard error what stands beside it."""
    from explorer.services.access_documents import access_rows, nearest_rows
    from explorer.services.access_words import access_notes, distance_notes
    from explorer.services.coverage_documents import coverage_rows
    from explorer.services.coverage_words import caveats

    language = settings().language
    if near:
        print_csv(nearest_rows(near))
        _say_all(distance_notes(near, language))
    elif reach:
        print_csv(access_rows(reach, language))
        _say_why(reach)
        _say_all(access_notes(reach, language))
    else:
        _say_no_rows(answer)
        print_csv(coverage_rows(answer))
        _say_all(caveats(answer, language))


def _print_all(answer: CoverageAnswer, near: Distances | None, reach: Accessibility | None) -> None:
    """Print everything for a person, what stands beside on standard error."""
    from explorer.services.access_words import (
        access_lines,
        access_notes,
        distance_lines,
        distance_notes,
    )
    from explorer.services.coverage_words import caveats, coverage_lines

    language = settings().language
    _say_no_rows(answer)
    _print_lines(coverage_lines(answer, language))
    _say_all(caveats(answer, language))
    if near:
        _print_lines(distance_lines(near, language))
        _say_all(distance_notes(near, language))
    if reach:
        _print_lines(access_lines(reach, language))
        _say_all(access_notes(reach, language))


def _say_no_rows(answer: CoverageAnswer) -> None:
    if not answer.rows:
        level = text(f"level.{answer.question.level}", settings().language)
        say("coverage.line.no_rows", level=level)


def _say_why(reach: Accessibility) -> None:
    if reach.why is not None:
        kind = text(f"kind_short.{reach.kind}", settings().language)
        say(f"access.why.{reach.why}", kind=kind)


@click.command()
@click.option("--kind", required=True)
@click.option("--radius-km", type=float, required=True, help="kilometres as the crow flies")
@click.option("--count", type=int, required=True, help="how many to sign with")
@click.option("--json", "as_json", is_flag=True)
@_filtered
@command
def suggest(
    kind: str,
    radius_km: float,
    count: int,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 - the options of _FILTERS
) -> None:
    """Print the structures to sign with that together put most people in reach of a partner."""
    from explorer.services.coverage import suggestion_of
    from explorer.services.coverage_documents import suggestion_as_json
    from explorer.services.coverage_words import suggestion_caveats, suggestion_lines

    language = settings().language
    with opened(ready=True) as store:
        question = _question(store, "commune", (kind,), radius_km, filters)
        found = suggestion_of(store, question, kind, count)
    if as_json:
        print_json(suggestion_as_json(found, question, language))
        return
    _print_lines(suggestion_lines(found, language))
    _say_all(suggestion_caveats(found, question, language))


def _question(
    store: GraphStore,
    level: str,
    kinds: tuple[str, ...],
    radius_km: float | None,
    filters: dict[str, Any],
) -> CoverageQuestion:
    """Return the question that options ask; where no territory is named, that of the settings."""
    from explorer.services.coverage_reading import CoverageQuestion, usual_territories
    from explorer.services.view import resolve_territory

    populations = (filters["population"],) if filters["population"] else ()
    known("population", populations, POPULATIONS)
    demand: Shape = filters["demand"] or "grid"
    known("demand", (demand,), DEMANDS)
    themes = _themes(store) if filters["themes"] else ()
    named = filters["territories"] or usual_territories(store, settings().territories)
    focus = filters["focus"] or settings().focus
    selection = Selection(
        focus=None if focus == NO_FOCUS else focus,
        on=as_of_date(filters["as_of"]),
        kinds=known("kind", kinds, KINDS),
        territories=frozenset(resolve_territory(store, item) for item in named),
        themes=known("theme", filters["themes"], themes),
        statuses=known("status", filters["statuses"], tuple(Status)),
    )
    return CoverageQuestion(
        selection=selection,
        level=level,
        population=filters["population"] or "concerned",
        radius_km=radius_km,
        demand=demand,
        activity=filters["activity"],
        stays=_stays(filters["recruitment"]),
    )


def _stays(path: Path | None) -> dict[str, float]:
    """Return the stays by commune of a file; rows that are refused are said, and why."""
    from loaders.recruitment import read_recruitment

    if path is None:
        return {}
    if not path.exists():
        raise InputError("file_missing", file=str(path))
    found = read_recruitment(path)
    for item in found.refused:
        click.echo(f"{item.row} : {item.reason(settings().language)}", err=True)
    return found.stays


def _themes(store: GraphStore) -> tuple[str, ...]:
    return tuple(sorted({theme for item in store.cooperations() for theme in item.themes}))


def _print_lines(lines: Any) -> None:  # noqa: ANN401
    for line in lines:
        click.echo(line)


def _say_all(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)
