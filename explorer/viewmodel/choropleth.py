"""A map of territories by class: outlines, classes with their limits and counts, who stands where.

Classes of a number are the natural breaks of Fisher and Jenks; what is not known is a class of its
own, hatched, and never a colour of the scale. Ready to be drawn: nothing here knows of a store.
"""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from explorer.viewmodel.model import View
from graph.geography import NOWHERE, projections_at, to_metres
from graph.model import Territory

MOST_CLASSES = 5
MOST_BROKEN = 400
WIDTH = 1000.0
"""Width of the drawing, in its own units; its height follows."""

UNKNOWN = "unknown"

Role = Literal["partner", "supply"]

SCALE = ("#E3EDF5", "#B5D0E6", "#74A9CF", "#2B7BB0", "#084A80")
"""Light to dark blue: one hue, told apart by lightness alone (after ColorBrewer)."""

STATE_COLOURS: Mapping[str, str] = {
    "agreed": "#0B548F",
    "attested": "#6FA6CF",
    "own": "#097A5C",
    "linked": "#C9B6DA",
    "unsigned": "#F3C98B",
    "no_supply": "#C65A11",
    UNKNOWN: "#FFFFFF",
}
"""One colour a state; the word always stands beside it in the legend, *unknown* is hatched."""


class MapClass(View, frozen=True, kw_only=True):
    """A class of the legend: its words, colour and how many territories are in it."""

    key: str
    label: str
    colour: str
    count: int
    hatched: bool = False


class MapArea(View, frozen=True, kw_only=True):
    """A territory: an SVG path, its class, what it says, where its name is written, its surface."""

    ref: str
    name: str
    path: str
    key: str
    words: str
    label_at: tuple[float, float]
    surface: float = 0.0


class MapMark(View, frozen=True, kw_only=True):
    """A structure at its place: a partner is filled, any other supply is a ring."""

    id: str
    x: float
    y: float
    words: str
    role: Role


class Choropleth(View, frozen=True, kw_only=True):
    """A map: areas in drawing order, legend, marks. `height` is in the units of :data:`WIDTH`.

    `scale` is units of the drawing a metre, `epsg` the code of its projection.
    """

    height: float
    areas: tuple[MapArea, ...]
    classes: tuple[MapClass, ...]
    marks: tuple[MapMark, ...] = ()
    missing: tuple[str, ...] = ()
    scale: float = 1.0
    epsg: int = 2154


class Breaks(NamedTuple):
    """Upper limits of classes (inclusive), the lowest value, and the class of each value."""

    lowest: float
    limits: tuple[float, ...]
    members: tuple[int, ...]


class Sheet(NamedTuple):
    """How places become positions of the drawing."""

    epsg: int
    west: float
    north: float
    scale: float

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place in degrees is drawn."""
        x, y = to_metres(self.epsg).transform(longitude, latitude)
        return round((x - self.west) * self.scale, 1), round((self.north - y) * self.scale, 1)


def natural_breaks(values: Sequence[float], most: int = MOST_CLASSES) -> Breaks:
    """Return the Fisher-Jenks classes of `values`; each value its own class where few differ.

    Beyond :data:`MOST_BROKEN` values, classes of equal size: natural breaks take the square of it.

    Parameters
    ----------
    values : sequence of float
        At least one, all finite.
    most : int
        Most classes.
    """
    import mapclassify  # slow to import, and only maps of numbers need it

    distinct = sorted(set(values))
    if len(distinct) <= most:
        places = {value: place for place, value in enumerate(distinct)}
        return Breaks(distinct[0], tuple(distinct), tuple(places[value] for value in values))
    numbers = np.array(values, dtype=float)
    if len(values) > MOST_BROKEN:
        found = mapclassify.Quantiles(numbers, k=most)
    else:
        with warnings.catch_warnings():
            # it asks for numba, which would only make it quicker
            warnings.simplefilter("ignore", UserWarning)
            found = mapclassify.FisherJenks(numbers, k=most)
    return Breaks(distinct[0], tuple(map(float, found.bins)), tuple(map(int, found.yb)))


def state_classes(
    states: Mapping[str, str], words: Mapping[str, str]
) -> tuple[tuple[MapClass, ...], dict[str, str]]:
    """Return the states present as classes, in the order of `words`, and the class of each ref."""
    counts = Counter(states.values())
    classes = tuple(
        MapClass(
            key=state,
            label=label,
            colour=STATE_COLOURS[state],
            count=counts[state],
            hatched=state == UNKNOWN,
        )
        for state, label in words.items()
        if counts[state]
    )
    return classes, dict(states)


def number_classes(
    values: Mapping[str, float | None], said: Mapping[str, str], write: Callable[[float], str]
) -> tuple[tuple[MapClass, ...], dict[str, str]]:
    """Return the classes of a number, and the class of each ref.

    Parameters
    ----------
    values : mapping of ref to number
        None or NaN where it is not known.
    said : mapping
        ``one`` and ``range`` templates with ``low`` and ``high``, and ``unknown``.
    write : callable
        Writes a number as people read it.
    """
    known = {ref: v for ref, v in values.items() if v is not None and math.isfinite(v)}
    keys = dict.fromkeys(values, UNKNOWN)
    classes: list[MapClass] = []
    if known:
        breaks = natural_breaks(list(known.values()))
        keys |= {ref: f"c{at}" for ref, at in zip(known, breaks.members, strict=True)}
        counts = Counter(breaks.members)
        colours = _spread(len(breaks.limits))
        ordered = sorted(zip(breaks.members, known.values(), strict=True))
        for at in range(len(breaks.limits)):
            inside = [value for place, value in ordered if place == at]
            low, high = (write(value) for value in (inside[0], inside[-1]))
            label = said["one" if low == high else "range"].format(low=low, high=high)
            classes.append(
                MapClass(key=f"c{at}", label=label, colour=colours[at], count=counts[at])
            )
    if lost := len(values) - len(known):
        classes.append(
            MapClass(key=UNKNOWN, label=said["unknown"], colour="#FFFFFF", count=lost, hatched=True)
        )
    return tuple(classes), keys


def _spread(count: int) -> list[str]:
    """Return `count` colours of the scale, the darkest last."""
    places = np.linspace(0, len(SCALE) - 1, count).round().astype(int) if count > 1 else [0]
    return [SCALE[place] for place in places]


def sheet_of(territories: Iterable[Territory]) -> Sheet | None:
    """Return the drawing that holds `territories`, in the projection of where they are."""
    drawn = [shapely.from_wkb(item.geometry) for item in territories if item.geometry]
    if not drawn:
        return None
    inside = shapely.point_on_surface(np.array(drawn, dtype=object))
    zones = projections_at(shapely.get_x(inside), shapely.get_y(inside))
    counts = Counter(int(zone) for zone in zones if zone != NOWHERE)
    if not counts:
        return None
    epsg = counts.most_common(1)[0][0]
    here = [shape for shape, zone in zip(drawn, zones, strict=True) if zone == epsg]
    west, _, east, north = shapely.total_bounds([_moved(shape, epsg) for shape in here])
    return Sheet(epsg, float(west), float(north), WIDTH / max(float(east - west), 1))


def areas_of(
    territories: Iterable[Territory],
    sheet: Sheet,
    keys: Mapping[str, str],
    words: Mapping[str, str],
) -> tuple[tuple[MapArea, ...], float]:
    """Return the areas of `territories`, and the height that they take."""
    found, lowest = [], 1.0
    for item in territories:
        if item.geometry is None:
            continue
        shape = _moved(shapely.from_wkb(item.geometry), sheet.epsg)
        at = shapely.point_on_surface(shape)
        found.append(
            MapArea(
                ref=item.id,
                name=item.name or item.code,
                path=_path(shape, sheet),
                key=keys[item.id],
                words=words[item.id],
                label_at=_placed(at.x, at.y, sheet),
                surface=round(shapely.area(shape) * sheet.scale**2, 1),
            )
        )
        south = float(shapely.bounds(shape)[1])
        lowest = max(lowest, (sheet.north - south) * sheet.scale)
    return tuple(found), round(lowest, 1)


def _moved(shape: shapely.Geometry, epsg: int) -> shapely.Geometry:
    return shapely.transform(
        shape, lambda degrees: np.column_stack(to_metres(epsg).transform(*degrees.T))
    )


def _placed(x: float, y: float, sheet: Sheet) -> tuple[float, float]:
    return round((x - sheet.west) * sheet.scale, 1), round((sheet.north - y) * sheet.scale, 1)


def _path(shape: shapely.Geometry, sheet: Sheet) -> str:
    """Return the SVG path of polygons; holes are drawn by the even-odd rule."""
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]
    rings = (ring for part in parts for ring in (part.exterior, *part.interiors))
    return " ".join(_ring(shapely.get_coordinates(ring), sheet) for ring in rings)


def _ring(metres: npt.NDArray[np.float64], sheet: Sheet) -> str:
    spots = [_placed(float(x), float(y), sheet) for x, y in metres[:-1]]
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in spots) + "Z"
