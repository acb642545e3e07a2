"""What was asked of the plans on the page *Couverture*: whom to sign with, what if, which gap."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from graph.analysis.plan_rules import PARTITIONS, Constraints
from graph.errors import UsageError
from graph.model import Record
from graph.vocabulary import KINDS

MOST_ASKED = 20
LARGEST_CAPACITY = 5000.0

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,119}")
_KINDS = (("signer", "kind"), ("essai", "trial_kind"), ("manque", "gap"))
_LISTS = (
    ("avec", "include"),
    ("sans", "exclude"),
    ("ajouter", "add"),
    ("oter", "remove"),
)


class PlanState(Record, frozen=True, kw_only=True):
    """The choice asked for and its rules, the simulation, and the gap whose remedy is open.

    `kind` None: no choice was asked for yet. `level` and `most` go together: at most so many per
    territory of that level. `gap` is a kind; its territory is the one opened.
    """

    kind: str | None = None
    count: int = 3
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()
    level: str | None = None
    most: int = 1
    least_capacity: float | None = None
    trial_kind: str | None = None
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    gap: str | None = None

    @property
    def constraints(self) -> Constraints:
        """The rules of the choice.

        Raises
        ------
        UsageError
            Rules that cannot be meant.
        """
        return Constraints(
            include=self.include,
            exclude=self.exclude,
            level=self.level,
            most=self.most if self.level else None,
            least_capacity=self.least_capacity,
        )


def plan_query(state: PlanState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    query: dict[str, str | list[str]] = {
        name: getattr(state, field) for name, field in _KINDS if getattr(state, field)
    }
    if state.count != PlanState().count:
        query["signatures"] = str(state.count)
    if state.level is not None:
        query["plafond"] = f"{state.level}:{state.most}"
    if state.least_capacity is not None:
        query["capacite"] = f"{state.least_capacity:g}"
    return query | {
        name: sorted(getattr(state, field)) for name, field in _LISTS if getattr(state, field)
    }


def read_plan(query: Mapping[str, Sequence[str]], dropped: list[str]) -> PlanState:
    """Return what URL parameters ask; names of those left out are added to `dropped`."""
    found: dict[str, object] = {}
    for name, field in _KINDS:
        if name in query:
            _take(found, dropped, name, {field: _among(_only(query[name]), KINDS)})
    if "signatures" in query:
        _take(found, dropped, "signatures", {"count": whole(_only(query["signatures"]))})
    if "plafond" in query:
        level, most = per_territory(_only(query["plafond"])) or (None, None)
        _take(found, dropped, "plafond", {"level": level, "most": most})
    if "capacite" in query:
        _take(found, dropped, "capacite", {"least_capacity": _capacity(_only(query["capacite"]))})
    for name, field in _LISTS:
        if name in query:
            kept = frozenset(item for item in query[name] if _ID.fullmatch(item))
            found[field] = kept
            dropped += [name] if len(kept) < len(set(query[name])) else []
    return _sound(PlanState(**found), dropped)  # type: ignore[arg-type]


def per_territory(value: str) -> tuple[str, int] | None:
    """Return level and number of ``level:number``, None where it is not of that form."""
    level, _, number = value.partition(":")
    most = whole(number)
    return (level, most) if level in PARTITIONS and most else None


def whole(value: str) -> int | None:
    """Return a whole number from 1 to 20, None for anything else."""
    sound = value.isascii() and value.isdigit() and len(value) <= 2  # noqa: PLR2004 - to 20
    return int(value) if sound and 1 <= int(value) <= MOST_ASKED else None


def _sound(state: PlanState, dropped: list[str]) -> PlanState:
    """Return a state in which nobody is both in and out."""
    try:
        _ = state.constraints
    except UsageError:
        dropped.append("sans")
        return read_plan({**_lists(plan_query(state)), "sans": []}, dropped)
    return state


def _lists(query: Mapping[str, str | list[str]]) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in query.items()}


def _take(
    found: dict[str, object], dropped: list[str], name: str, values: Mapping[str, object]
) -> None:
    if None in values.values():
        dropped.append(name)
    else:
        found |= values


def _among(value: str, allowed: Sequence[str]) -> str | None:
    return value if value in allowed else None


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""


def _capacity(value: str) -> float | None:
    try:
        number = float(f"{float(value):g}")
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 < number <= LARGEST_CAPACITY else None
