"""Options of ``maillage coverage`` on times, the nearest and places in reach."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from explorer.cli.typed import FILE, number
from graph.errors import InputError, UsageError
from graph.model import Record
from graph.store.port import GraphStore

if TYPE_CHECKING:
    from explorer.services.access import Distances
    from explorer.services.accessibility import Accessibility
    from explorer.services.coverage_reading import CoverageQuestion
    from graph.analysis.travel import TravelTimes

ACCESS_OPTIONS = (
    click.option("--minutes", type=number, default=None, help="also say who is in reach in time"),
    click.option("--travel-times", type=FILE, help="a table of times"),
    click.option("--router", default=None, help="an OSRM or Valhalla server"),
    click.option("--detour", type=number, default=None, help="of estimated minutes (1.3)"),
    click.option("--speed-kmh", type=number, default=None, help="of estimated minutes (30)"),
    click.option("--nearest", is_flag=True, help="also say who is nearest to each commune"),
    click.option("--access", "approach", default=None, help="2sfca, e2sfca, 3sfca or drees"),
    click.option("--bands", default=None, help="0-10:1; 10-20:0.68; 20-30:0.22 min"),
)


class AccessOptions(Record, frozen=True, kw_only=True):
    """What the options ask."""

    minutes: float | None = None
    travel_times: Path | None = None
    router: str | None = None
    detour: float | None = None
    speed_kmh: float | None = None
    nearest: bool = False
    approach: str | None = None
    bands: str | None = None

    @property
    def estimated(self) -> bool:
        """Tell whether assumptions on minutes are stated."""
        return self.detour is not None or self.speed_kmh is not None


def take_options(options: dict[str, Any], *, radius: float | None, csv: bool) -> AccessOptions:
    """Take the options of this module out of `options`; raise UsageError where they clash."""
    names = AccessOptions.__struct_fields__
    asked = AccessOptions(**{name: options.pop(name) for name in names})
    if asked.minutes is not None and radius is not None:
        raise UsageError("access.both")
    if asked.travel_times is not None and asked.router is not None:
        raise UsageError("access.sources")
    if asked.bands is not None and asked.approach is None:
        raise UsageError("access.bands_alone")
    if csv and asked.nearest and asked.approach:
        raise UsageError("access.one_table")
    _check_used(asked)
    return asked


def _check_used(asked: AccessOptions) -> None:
    """Raise UsageError where a way to count minutes is stated that nothing uses."""
    stated = (
        ("--travel-times", asked.travel_times is not None),
        ("--router", asked.router is not None),
        ("--detour", asked.detour is not None),
        ("--speed-kmh", asked.speed_kmh is not None),
    )
    used = asked.minutes is not None or asked.nearest or asked.approach is not None
    for option, given in stated:
        if given and not used:
            raise UsageError("access.no_minutes", option=option)


def times_of(asked: AccessOptions, store: GraphStore) -> TravelTimes | None:
    """Return where minutes come from; None where nothing is asked in minutes.

    Raises
    ------
    UsageError
        Assumptions or an address that cannot be.
    InputError
        A table that cannot be used.
    """
    from graph.analysis.proximity import Travel
    from graph.analysis.travel import Estimated

    if asked.router is not None:
        from loaders.routing import Router

        return Router(asked.router)
    if asked.travel_times is not None:
        return _table(asked.travel_times, store)
    if asked.minutes is not None or asked.estimated:
        usual = Travel()
        detour = usual.detour if asked.detour is None else asked.detour
        speed = usual.speed_kmh if asked.speed_kmh is None else asked.speed_kmh
        return Estimated(Travel(detour=detour, speed_kmh=speed))
    return None


def _table(path: Path, store: GraphStore) -> TravelTimes:
    from explorer.services.access import table_of

    if not path.exists():
        raise InputError("file_missing", file=str(path))
    return table_of(path, store)


def placed(question: CoverageQuestion, times: TravelTimes | None, demand: str | None) -> Any:  # noqa: ANN401
    """Return the question with points of demand that its times know."""
    from explorer.services.access import ONE_POINT

    if times is None or times.by not in ONE_POINT:
        return question
    if demand == "grid":
        raise UsageError("access.grid")
    return msgspec.structs.replace(question, demand="centroid")


def trial_times(asked: AccessOptions, times: TravelTimes | None) -> TravelTimes | None:
    """Return the times of a simulation; raise UsageError where more is asked than it shows."""
    if asked.nearest or asked.approach is not None:
        raise UsageError("access.trial", option="--nearest" if asked.nearest else "--access")
    return times


def distances(
    asked: AccessOptions, store: GraphStore, question: CoverageQuestion, times: TravelTimes | None
) -> Distances | None:
    """Return the nearest of each commune, where it is asked for."""
    from explorer.services.access import distances_of
    from graph.analysis.travel import Crow

    if not asked.nearest:
        return None
    return distances_of(store, question, times or Crow(), asked.minutes or question.radius_km)


def accessibility(
    asked: AccessOptions, store: GraphStore, question: CoverageQuestion, times: TravelTimes | None
) -> Accessibility | None:
    """Return places in reach, where they are asked for: in km where the bands are."""
    from explorer.services.accessibility import accessibility_of, bands_of
    from graph.analysis.travel import Crow, Estimated

    if asked.approach is None:
        return None
    kinds = sorted(question.selection.kinds)
    bands = bands_of(asked.approach, asked.bands)
    if len(kinds) != 1:
        raise UsageError("access.one_kind")
    used = times or (Crow() if bands and bands.unit == "km" else Estimated())
    approach: Any = asked.approach
    return accessibility_of(store, question, used, kinds[0], approach, asked.bands)
