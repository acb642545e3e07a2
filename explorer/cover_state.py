"""What the page *Couverture* was asked beside the shared selection, to and from the URL."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from explorer.plan_state import PlanState, plan_query, read_plan
from graph.analysis.bands import read_bands
from graph.analysis.proximity import Travel
from graph.errors import UsageError
from graph.model import Record
from graph.vocabulary import KINDS, LEVELS

POPULATIONS = ("concerned", "total", "65", "75")
DEMANDS = ("grid", "centroid")
MEASURES = ("state", "supply", "places_per_1000", "access", "partnership_rate", "share_covered")
LARGEST_KM = 300.0
SHOWN = ("nothing", "distances", "places")
MEASURED_BY = ("km", "min", "table", "router")
APPROACHES = ("2sfca", "e2sfca", "3sfca", "drees")
USUAL_APPROACH = "e2sfca"
SLOWEST_KMH, FASTEST_KMH = 1.0, 130.0
LONGEST_DETOUR = 5.0

_REF = re.compile(rf"(?:{'|'.join(LEVELS)}):[A-Za-z0-9][A-Za-z0-9._\-]{{0,59}}")


class CoverState(Record, frozen=True, kw_only=True):
    """Level, people, radius and points of demand; kind and measure of the map; territory opened.

    `plan` is what was asked of suggestion, simulation and gaps.
    `access` is what is shown of distances and places in reach, for `access_kind`, measured `by`.
    `activity` narrows to structures that have it, `against` is what a portrait is read beside.
    `kind` None is the first that is known. Values are checked where they are read.
    """

    level: str = "arrondissement"
    population: str = "concerned"
    radius_km: float = 5.0
    demand: str = "grid"
    kind: str | None = None
    measure: str = "state"
    territory: str | None = None
    plan: PlanState = PlanState()
    access: str = "nothing"
    access_kind: str | None = None
    by: str = "km"
    detour: float = Travel().detour
    speed_kmh: float = Travel().speed_kmh
    approach: str = USUAL_APPROACH
    bands: str | None = None
    activity: str | None = None
    against: str | None = None


_CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("niveau", "level", LEVELS),
    ("habitants", "population", POPULATIONS),
    ("demande", "demand", DEMANDS),
    ("carte", "kind", KINDS),
    ("selon", "measure", MEASURES),
    ("acces", "access", SHOWN),
    ("acces_type", "access_kind", KINDS),
    ("acces_mesure", "by", MEASURED_BY),
    ("methode", "approach", APPROACHES),
)
"""Parameter, field, values allowed."""

_FREE: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("territoire", "territory", _REF),
    ("activite", "activity", re.compile(r"[a-z][a-z0-9_]{0,39}")),
    ("reference", "against", re.compile(rf"france|{_REF.pattern}")),
)
"""Parameter, field, form of the value."""


_NUMBERS: tuple[tuple[str, str, float, float], ...] = (
    ("detour", "detour", 1.0, LONGEST_DETOUR),
    ("vitesse", "speed_kmh", SLOWEST_KMH, FASTEST_KMH),
)
"""Parameter, field, least and most."""


def cover_query(state: CoverState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    default = CoverState()
    query: dict[str, str | list[str]] = {
        name: getattr(state, field)
        for name, field, _ in _CHOICES
        if getattr(state, field) != getattr(default, field)
    }
    if state.radius_km != default.radius_km:
        query["rayon"] = f"{state.radius_km:g}"
    for name, field, _, _ in _NUMBERS:
        if getattr(state, field) != getattr(default, field):
            query[name] = f"{getattr(state, field):g}"
    if state.bands is not None:
        query["bandes"] = state.bands
    query |= {
        name: value for name, field, _ in _FREE if (value := getattr(state, field)) is not None
    }
    return query | plan_query(state.plan)


def read_cover(query: Mapping[str, Sequence[str]], dropped: list[str]) -> CoverState:
    """Return what URL parameters ask; names of those left out are added to `dropped`."""
    found: dict[str, object] = {}
    for name, field, allowed in _CHOICES:
        if name in query:
            value = _only(query[name])
            found |= {field: value} if value in allowed else {}
            dropped += [] if value in allowed else [name]
    if "rayon" in query:
        radius = _radius(_only(query["rayon"]))
        found |= {"radius_km": radius} if radius else {}
        dropped += [] if radius else ["rayon"]
    found |= _assumptions(query, dropped)
    for name, field, form in _FREE:
        if name in query:
            value = _only(query[name])
            sound = form.fullmatch(value) is not None
            found |= {field: value} if sound else {}
            dropped += [] if sound else [name]
    return CoverState(**found, plan=read_plan(query, dropped))  # type: ignore[arg-type]


def _assumptions(query: Mapping[str, Sequence[str]], dropped: list[str]) -> dict[str, object]:
    """Return how trips are counted: detour, speed, bands."""
    found: dict[str, object] = {}
    for name, field, least, most in _NUMBERS:
        if name in query:
            number = _number(_only(query[name]), least, most)
            found |= {} if number is None else {field: number}
            dropped += [name] if number is None else []
    if "bandes" in query:
        bands = _bands(_only(query["bandes"]))
        found |= {"bands": bands} if bands else {}
        dropped += [] if bands else ["bandes"]
    return found


def _bands(said: str) -> str | None:
    try:
        return str(read_bands(said))
    except UsageError:
        return None


def _number(said: str, least: float, most: float) -> float | None:
    try:
        number = float(f"{float(said):g}")
    except ValueError:
        return None
    return number if least <= number <= most else None


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _radius(value: str) -> float | None:
    try:
        radius = float(value)
    except ValueError:
        return None
    # written as it was read: what a link says must come back the same
    sound = math.isfinite(radius) and 0 < radius <= LARGEST_KM
    return float(f"{radius:g}") if sound and float(f"{radius:g}") > 0 else None
