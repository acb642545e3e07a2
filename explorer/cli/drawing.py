"""Options of figures and packs: what is drawn, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import click

from explorer.cli.asking import first_day, known
from explorer.cli.typed import number, whole
from explorer.exports.drawn import Look, Subject
from graph.errors import UsageError
from graph.store.port import GraphStore

_SUBJECT: tuple[Callable[[Any], Any], ...] = (
    click.option("--figure", default=None, help="which figure (the network on its territory)"),
    click.option("--pack", default=None, help="several pages: comite or atlas"),
    click.option("--per", default=None, help="atlas of: arrondissement, partner, cpts"),
    click.option("--since", default=None, help="what moved since this day (a year before)"),
    click.option("--level", default=None, help="level of territories of coverage figures"),
    click.option("--radius-km", type=number, default=None, help="reach of coverage figures"),
    click.option("--population", default=None, help="total, 65 or 75 (those whom a kind concerns)"),
    click.option("--measure", default=None, help="what the coverage map shows"),
    click.option("--portrait", default=None, help="LEVEL:CODE of the portrait"),
    click.option("--against", default=None, help="LEVEL:CODE or france, beside the portrait"),
    click.option("--structure", default=None, help="a structure's id, of the partner sheet"),
    click.option("--metric", default=None, help="measure of the ranking"),
)
_LOOK: tuple[Callable[[Any], Any], ...] = (
    click.option("--page", default=None, help="16:9, A4 or A3"),
    click.option("--orientation", default=None, help="landscape or portrait"),
    click.option("--colours", default=None, help="light or grey"),
    click.option("--dpi", type=whole, default=None, help="points an inch of a png, 72 to 600"),
    click.option("--logo", default=None, help="image file (png, jpeg)"),
    click.option("--mark", default=None, help="travail or confidentiel"),
    click.option("--template", default=None, help="pptx whose look is taken"),
)
SUBJECT = (
    "figure",
    "pack",
    "per",
    "since",
    "level",
    "radius_km",
    "population",
    "measure",
    "portrait",
    "against",
    "structure",
    "metric",
)
LOOK = ("page", "orientation", "colours", "dpi", "logo", "mark", "template")


def drawn(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of figures and packs; they arrive as keyword arguments."""
    return reduce(lambda done, option: option(done), reversed((*_SUBJECT, *_LOOK)), function)


def subject_of(store: GraphStore, options: Mapping[str, Any]) -> Subject:
    """Return what the options of :func:`drawn` ask to draw.

    Raises
    ------
    UsageError
        A figure and a pack at once, or a value that does not exist.
    """
    from explorer.services.portrait_reference import FRANCE
    from explorer.services.view import resolve_territory

    _check(options)
    if options["figure"] and options["pack"]:
        raise UsageError("export.figure_or_pack")
    kinds = options["kinds"]
    found: dict[str, Any] = {name: options[name] for name in SUBJECT if options[name] is not None}
    portrait, since = found.pop("portrait", None), found.pop("since", None)
    if portrait is not None:
        found["territory"] = resolve_territory(store, portrait)
        found.setdefault("level", found["territory"].partition(":")[0])
        found.setdefault("figure", "portrait")
    against = options["against"]
    if against is not None and against != FRANCE:
        found["against"] = resolve_territory(store, against)
    if since is not None:
        found["since"] = first_day(since)
    if len(kinds) == 1:
        found["kind"] = kinds[0]
    return Subject(**found)


def look_of(options: Mapping[str, Any]) -> Look:
    """Return how the options of :func:`drawn` ask it to look."""
    found = {name: options[name] for name in LOOK if options[name] is not None}
    # --theme filters agreements: the theme of a figure goes by another name
    theme = {"theme": found.pop("colours")} if "colours" in found else {}
    return Look(**found, **theme)


def asked_in_vain(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the options of figures and packs that were given, as they are written."""
    given = [name for name in (*SUBJECT, *LOOK) if options[name] is not None]
    return tuple(f"--{name.replace('_', '-')}" for name in given)


def _check(options: Mapping[str, Any]) -> None:
    from explorer.cover_state import MEASURES
    from explorer.figures.paper import ORIENTATIONS, PAGES, THEMES
    from explorer.services.analysis_words import STRUCTURE
    from explorer.services.figures import FIGURES, MARKS
    from explorer.services.packs import ATLAS, PACKS
    from graph.vocabulary import LEVELS

    allowed: dict[str, tuple[str, ...]] = {
        "figure": tuple(item.id for item in FIGURES),
        "pack": PACKS,
        "per": ATLAS,
        "level": LEVELS,
        "population": ("total", "65", "75"),
        "measure": MEASURES,
        "metric": tuple(STRUCTURE),
        "page": tuple(item[0] for item in PAGES),
        "orientation": ORIENTATIONS,
        "colours": THEMES,
        "mark": MARKS,
    }
    for name, values in allowed.items():
        if options[name] is not None:
            known(name, (options[name],), values)
