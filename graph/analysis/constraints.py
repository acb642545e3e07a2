"""What a choice of partners must respect: who must and must not be chosen, how many, how large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from typing import NamedTuple

from graph.analysis.partnership import State
from graph.analysis.plan_rules import Constraints
from graph.analysis.service_areas import Atlas
from graph.analysis.siting import SitingRules
from graph.analysis.situation import Offer
from graph.errors import UsageError


class Ruled(NamedTuple):
    """The rules for the solver; candidates left out as their capacity or territory is not known."""

    rules: SitingRules
    unsized: tuple[str, ...]
    unlocated: tuple[str, ...]


def ruled(
    constraints: Constraints,
    candidates: Mapping[str, Offer],
    known: Mapping[str, State | None],
    atlas: Atlas,
    count: int,
) -> Ruled:
    """Return the rules that `constraints` are for these candidates.

    Parameters
    ----------
    constraints : Constraints
        What is asked.
    candidates : mapping of id to Offer
        Those that can be signed with and reach anybody.
    known : mapping of id to State
        Every structure known, with its state for the kind asked about; None for other kinds.
    atlas : Atlas
        Says in which territory a candidate stands.
    count : int
        How many are to be chosen.

    Returns
    -------
    Ruled
        What is not known is no zero: a candidate whose capacity or territory is asked about and
        not known is not chosen, and named.

    Raises
    ------
    UsageError
        A structure that is not known or can not be chosen, or rules that no choice respects.
    """
    _check_known(constraints, known)
    where = _where(constraints, candidates, atlas)
    unlocated = tuple(sorted(candidates.keys() - where.keys())) if constraints.level else ()
    unsized, small = _sizes(constraints, candidates)
    left_out = {*constraints.exclude, *unsized, *unlocated, *small}
    for ident in sorted(constraints.include):
        _check_included(ident, candidates, known, unsized, unlocated, small)
    free = candidates.keys() - left_out
    if candidates and not free:
        raise UsageError("coverage_rule.nobody_left", n=len(candidates), unsized=len(unsized))
    _check_count(constraints, free, where, count)
    places: dict[Hashable, str] = dict.fromkeys(unlocated, "")
    places.update(where)
    rules = SitingRules(
        include=sorted(constraints.include),
        exclude=sorted(left_out),
        territory=places,
        per_territory=constraints.most,
    )
    return Ruled(rules, unsized, unlocated)


def _check_known(constraints: Constraints, known: Collection[str]) -> None:
    if lost := sorted((constraints.include | constraints.exclude) - set(known)):
        raise UsageError("coverage_rule.unknown", value=", ".join(lost))


def _where(
    constraints: Constraints, candidates: Mapping[str, Offer], atlas: Atlas
) -> dict[str, str]:
    """Return the territory of each candidate of which it is known."""
    if constraints.level is None:
        return {}
    parents = {
        ident: sorted(atlas.parents(offer.structure.commune or "", constraints.level))
        for ident, offer in candidates.items()
    }
    if constraints.level == "commune":
        codes = atlas.commune_codes
        return {
            ident: offer.structure.commune
            for ident, offer in candidates.items()
            if offer.structure.commune in codes and offer.structure.commune is not None
        }
    return {ident: found[0] for ident, found in parents.items() if found}


def _sizes(
    constraints: Constraints, candidates: Mapping[str, Offer]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the candidates whose capacity is not known, and those that are too small."""
    least = constraints.least_capacity
    if least is None:
        return (), ()
    unsized = [ident for ident, offer in candidates.items() if offer.capacity is None]
    small = [
        ident
        for ident, offer in candidates.items()
        if offer.capacity is not None and offer.capacity < least
    ]
    return tuple(sorted(unsized)), tuple(sorted(small))


def _check_included(
    ident: str,
    candidates: Collection[str],
    known: Mapping[str, State | None],
    unsized: Collection[str],
    unlocated: Collection[str],
    small: Collection[str],
) -> None:
    """Say why a structure that must be chosen cannot be."""
    reasons = (
        ("kind", known[ident] is None),
        ("own", known[ident] == "own"),
        ("signed", known[ident] in {"agreed", "attested"}),
        ("no_reach", ident not in candidates),
        ("unsized", ident in unsized),
        ("small", ident in small),
        ("unlocated", ident in unlocated),
    )
    for reason, holds in reasons:
        if holds:
            raise UsageError(f"coverage_rule.{reason}", value=ident)


def _check_count(
    constraints: Constraints, free: Collection[str], where: Mapping[str, str], count: int
) -> None:
    """Refuse a number that the rules do not allow; fewer candidates than asked are all taken."""
    must = len(constraints.include)
    if must > count:
        raise UsageError("coverage_rule.too_many", must=must, n=count)
    most = constraints.most
    if most is None:
        return
    asked = Counter(where[ident] for ident in constraints.include)
    if crowded := sorted(place for place, number in asked.items() if number > most):
        raise UsageError("coverage_rule.crowded", value=", ".join(crowded), most=most)
    possible = sum(min(most, number) for number in Counter(where[i] for i in free).values())
    if min(count, len(free)) > possible:
        raise UsageError("coverage_rule.no_choice", count=count, most=most, n=possible)
