"""The command line of a request that a page made."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from explorer.exports.drawn import Look, Subject
from explorer.exports.options import Options
from explorer.exports.upload import Given, name_of
from explorer.selection import Selection
from explorer.services.ordering import Asked, look_of, options_of, subject_of

NO_FOCUS = "none"
_SUBJECTS = (
    ("territory", "--portrait"),
    ("against", "--against"),
    ("structure", "--structure"),
    ("metric", "--metric"),
)
_SWITCHES = ("instances", "contacts", "supply")


def command_of(asked: Asked, name: str) -> str:
    """Return the command that writes the same bytes to the file `name`.

    Logos and templates are named as they were given: their folder is not known here.
    """
    state = asked.state
    subject = subject_of(asked)
    selection = asked.selection
    if state.drawn and subject.kind:
        selection = msgspec.structs.replace(selection, kinds=frozenset({subject.kind}))
    words = ["maillage", "--lang", asked.language, "export", name, *_filters(selection)]
    if state.drawn:
        words += [*_subject(subject), *_look(look_of(asked))]
    else:
        words += _options(options_of(asked), state.chosen_form)
    if asked.own.title:
        words += ["--title", asked.own.title]
    if asked.own.restricted:
        words.append("--with-restricted")
    return shlex.join(words)


def _filters(selection: Selection) -> Iterator[str]:
    yield from ("--as-of", selection.on.isoformat())
    yield from ("--focus", selection.focus or NO_FOCUS)
    yield from _many("kind", selection.kinds)
    yield from _many("territory", selection.territories)
    yield from _many("theme", selection.themes)
    yield from _many("status", selection.statuses)
    for name in _SWITCHES:
        if getattr(selection, name):
            yield f"--with-{name}"
    if not selection.inherit:
        yield "--without-inherited"


def _many(name: str, values: Iterable[str]) -> Iterator[str]:
    for value in sorted(values):
        yield from (f"--{name}", value)


def _subject(subject: Subject) -> Iterator[str]:
    default = Subject()
    names = ("figure", "pack", "per", "since", "level", "population", "radius_km", "measure")
    for name in names:
        value = getattr(subject, name)
        if value != getattr(default, name):
            yield from (_flag(name), _said(value))
    for name, flag in _SUBJECTS:
        if (value := getattr(subject, name)) != getattr(default, name):
            yield from (flag, value)


def _look(look: Look) -> Iterator[str]:
    default = Look()
    for name in ("page", "orientation", "theme", "mark", "dpi", "logo", "template"):
        value = getattr(look, name)
        if value != getattr(default, name):
            yield from ("--colours" if name == "theme" else _flag(name), _said(value))


def _options(options: Options, form: str) -> Iterator[str]:
    if options.coverage:
        yield from ("--with-coverage", options.coverage)
    if form == "csv":
        yield from ("--table", options.table, "--separator", options.separator)
    if options.persons:
        yield "--with-persons"


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _said(value: Any) -> str:  # noqa: ANN401 - a number, a day, a file
    is_file = isinstance(value, Given)
    return name_of(value) if is_file else f"{value:g}" if isinstance(value, float) else str(value)
