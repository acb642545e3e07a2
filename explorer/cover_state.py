"""What the page *Couverture* was asked beside the shared selection, to and from the URL."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from explorer.plan_state import PlanState, plan_query, read_plan
from graph.model import Record
from graph.vocabulary import KINDS, LEVELS

POPULATIONS = ("concerned", "total", "65", "75")
DEMANDS = ("grid", "centroid")
MEASURES = ("state", "supply", "places_per_1000", "access", "partnership_rate", "share_covered")
LARGEST_KM = 300.0

_REF = re.compile(rf"(?:{'|'.join(LEVELS)}):[A-Za-z0-9][A-Za-z0-9._\-]{{0,59}}")


class CoverState(Record, frozen=True, kw_only=True):
    """Level, people, radius and points of demand; kind and measure of the map; territory opened.

    `plan` is what was asked of suggestion, simulation and gaps.
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


_CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("niveau", "level", LEVELS),
    ("habitants", "population", POPULATIONS),
    ("demande", "demand", DEMANDS),
    ("carte", "kind", KINDS),
    ("selon", "measure", MEASURES),
)
"""Parameter, field, values allowed."""


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
    if state.territory is not None:
        query["territoire"] = state.territory
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
    if "territoire" in query:
        ref = _only(query["territoire"])
        sound = _REF.fullmatch(ref) is not None
        found |= {"territory": ref} if sound else {}
        dropped += [] if sound else ["territoire"]
    return CoverState(**found, plan=read_plan(query, dropped))  # type: ignore[arg-type]


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
