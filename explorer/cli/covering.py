"""Commands on coverage: who serves a territory, and whom to sign with."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from explorer.cli.access_printing import (
    Found,
    document_of,
    print_answer,
    print_table,
)
from explorer.cli.accessing import (
    ACCESS_OPTIONS,
    accessibility,
    distances,
    placed,
    take_options,
    times_of,
    trial_times,
)
from explorer.cli.asking import NO_FOCUS, as_of_date, known
from explorer.cli.common import command, opened, print_json, settings
from explorer.cli.covering_plan import (
    constraints_of,
    print_plan,
    print_trial,
    ruled_options,
    trial_options,
)
from explorer.cli.helping import Spoken
from explorer.cli.polygons import level_of, own_of, polygon_options, with_own
from explorer.cli.typed import FILE, number, whole
from explorer.selection import Selection
from graph.errors import InputError
from graph.store.port import GraphStore
from graph.vocabulary import KINDS, LEVELS, Status

if TYPE_CHECKING:
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
    click.option("--recruitment", type=FILE, help="stays by commune"),
    click.option("--demand", default=None, help="grid (usual) or centroid"),
)


def filtered(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the filters that the two share."""
    return reduce(lambda done, option: option(done), reversed(_FILTERS), function)


def _timed(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options on times."""
    return reduce(lambda done, option: option(done), reversed(ACCESS_OPTIONS), function)


@click.command(cls=Spoken)
@click.option("--level", default=None, help=", ".join(LEVELS))
@polygon_options
@click.option("--kind", "kinds", multiple=True)
@click.option("--radius-km", type=number, default=None, help="also say who is in reach")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
@trial_options
@_timed
@filtered
@command
def coverage(
    level: str | None,
    kinds: tuple[str, ...],
    radius_km: float | None,
    as_json: bool,
    as_csv: bool,
    **filters: Any,  # noqa: ANN401 - the options of _FILTERS
) -> None:
    """Print who serves each territory, kind by kind: own sites, partners, others, nobody."""
    from explorer.services.coverage import coverage_of
    from explorer.services.own_polygons import own_notes

    level = level_of(level, filters)
    asked = take_options(filters, radius=radius_km, csv=as_csv)
    with opened(ready=True) as store:
        own = own_of(store, filters)
        times = times_of(asked, store)
        question = with_own(question_of(store, level, kinds, radius_km, filters), own)
        question = placed(question, times, filters["demand"])
        timed = msgspec.structs.replace(question, minutes=asked.minutes)
        if filters["add"] or filters["remove"]:
            form = "json" if as_json else "csv" if as_csv else "words"
            print_trial(store, timed, filters, form, trial_times(asked, times))
            return
        answer = coverage_of(store, timed, times)
        found = Found(
            answer,
            distances(asked, store, question, times),
            accessibility(asked, store, question, times),
            own_notes(own, settings().language) if own else [],
        )
    if as_json:
        print_json(document_of(found))
    elif as_csv:
        print_table(found)
    else:
        print_answer(found)


@click.command(cls=Spoken)
@click.option("--kind", required=True)
@click.option("--radius-km", type=number, required=True, help="kilometres as the crow flies")
@click.option("--count", type=whole, required=True, help="how many to sign with")
@click.option("--json", "as_json", is_flag=True)
@ruled_options
@filtered
@command
def suggest(
    kind: str,
    radius_km: float,
    count: int,
    as_json: bool,
    **filters: Any,  # noqa: ANN401 - the options of _FILTERS
) -> None:
    """Print the structures to sign with that together put most people in reach of a partner."""
    constraints = constraints_of(filters)
    with opened(ready=True) as store:
        question = question_of(store, "commune", (kind,), radius_km, filters)
        print_plan(store, question, count, constraints, filters["sensitivity"], as_json)


def question_of(
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
