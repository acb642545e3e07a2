"""Plans in words: rules of a choice, whether it holds elsewhere, the remedy of a gap, a trial."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_plan import Plan
from explorer.services.coverage_words import people_words, state_word, suggestion_lines
from explorer.wording import joined, number_in_words
from graph.analysis.covering import LONGEST_SECONDS
from graph.analysis.plan_rules import Constraints
from graph.analysis.remedies import Remedies, Remedy
from graph.analysis.sensitivity import Sensitivity, Turning, turning
from graph.analysis.service_areas import service_rule
from graph.analysis.suggestions import Suggestion
from graph.messages import text

_KM = 1000.0
MOST_NAMED = 5


def names_of(answer: CoverageAnswer) -> dict[str, str]:
    """Return the name of each structure that was read, its id where no source names it."""
    return {item.id: item.name or item.id for item in answer.read.situation.structures}


def _say(key: str, language: str, /, **params: object) -> str:
    return text(f"plan.{key}", language, **params)


def listed(ids: Iterable[str], names: Mapping[str, str], language: str) -> str:
    """Return the names of structures, sorted; of many, the first and how many more."""
    said = sorted(names.get(ident, ident) for ident in ids)
    more = len(said) - MOST_NAMED
    shown = said[:MOST_NAMED]
    if more > 0:
        shown.append(text("coverage.line.more", language, n=more))
    return joined(shown, language)


def km_words(metres: float, language: str) -> str:
    """Return a distance in kilometres."""
    return _say("km", language, km=number_in_words(round(metres / _KM, 2), language))


def rule_words(rules: Constraints, names: Mapping[str, str], language: str) -> list[str]:
    """Return the rules that a choice respects, a sentence each."""
    said = []
    for key, ids in (("include", rules.include), ("exclude", rules.exclude)):
        if ids:
            said.append(_say(key, language, names=listed(ids, names, language)))
    if rules.level is not None and rules.most is not None:
        level = text(f"level.{rules.level}", language)
        said.append(_say("per_territory", language, n=rules.most, level=level))
    if rules.least_capacity is not None:
        least = number_in_words(rules.least_capacity, language)
        said.append(_say("least_capacity", language, least=least))
    return said


def plan_lines(found: Plan, language: str) -> Iterator[str]:
    """Yield a choice for a person, the rules that it respects, and whether it holds elsewhere."""
    yield from suggestion_lines(found.proposal, language)
    rules = rule_words(found.constraints, found.names, language)
    if rules:
        yield _say("rules", language)
    yield from (f"  {rule}" for rule in rules)
    if found.sensitivity is not None:
        yield ""
        basis = found.proposal.basis
        yield from sensitivity_lines(found.sensitivity, found.names, basis, language)


def choice_caveats(found: Suggestion, names: Mapping[str, str], language: str) -> list[str]:
    """Return whether it is proven, what the rules left aside, if candidates were too few."""
    said = []
    if not found.proven:
        most = number_in_words(math.floor(found.people_at_most or 0), language)
        said.append(_say("unproven", language, seconds=LONGEST_SECONDS, people=most))
    if found.candidates and found.candidates < found.count:
        said.append(_say("all_taken", language, n=found.candidates, count=found.count))
    for key, ids in (("unsized", found.unsized), ("unlocated", found.unlocated)):
        if ids:
            said.append(_say(key, language, n=len(ids), names=listed(ids, names, language)))
    return said


def verdict(found: Sensitivity, names: Mapping[str, str], basis: str, language: str) -> list[str]:
    """Return whether the choice holds, where it changes first, and what keeping it would lose."""
    kind = found.reference.kind
    if service_rule(kind) != "place":
        return [_say("zone_holds", language, kind=text(f"kind_short.{kind}", language))]
    if not found.fragile:
        return [_say("holds", language)]
    said = [_turning_words(turning(found), language)]
    said.append(_say("worst", language, people=people_words(found.worst, basis, language)))
    stable = listed(found.stable, names, language)
    key = "stable" if stable else "stable_none"
    said.append(_say(key, language, n=len(found.stable), names=stable))
    return said


def _turning_words(found: Turning, language: str) -> str:
    parts = []
    if found.nearer is not None:
        parts.append(_say("turns_nearer", language, km=km_words(found.nearer, language)))
    if found.farther is not None:
        parts.append(_say("turns_farther", language, km=km_words(found.farther, language)))
    if found.detour is not None:
        said = number_in_words(found.detour, language)
        parts.append(_say("turns_detour", language, detour=said))
    if not parts:
        return _say("turns_together", language)
    either = _say("or", language).join(parts)
    return _say("turns", language, when=either)


def sensitivity_lines(
    found: Sensitivity, names: Mapping[str, str], basis: str, language: str
) -> Iterator[str]:
    """Yield the verdict, then the choice at each radius and detour."""
    yield from verdict(found, names, basis, language)
    for trial in found.trials:
        best = people_words(trial.people_best, basis, language)
        sites = trial.found.solutions[0] if trial.found else ()
        yield "  " + _say(
            "trial" if trial.holds else "trial_other",
            language,
            km=km_words(trial.radius, language),
            detour=number_in_words(trial.detour, language),
            people=best if trial.found else _say("no_choice", language),
            names=joined([names.get(ident, ident) for ident in sites], language),
        )


def remedy_words(found: Remedy, language: str) -> str:
    """Return how a structure stands to the group, how far it is and how large."""
    parts = [state_word(found.state, language)]
    if found.metres is not None:
        parts.append(_say("half_within", language, km=km_words(round(found.metres, -2), language)))
    if found.capacity is not None:
        said = number_in_words(round(found.capacity), language)
        parts.append(_say("places", language, n=round(found.capacity), places=said))
    return " · ".join(parts)


def gain_words(found: Remedy, basis: str, language: str) -> str:
    """Return how many people would be gained, and how many are in reach."""
    gained = people_words(found.people_gained, basis, language)
    if found.people_reached is None or found.people_gained == found.people_reached:
        return _say("gains", language, gained=gained)
    reached = number_in_words(round(found.people_reached), language)
    return _say("gains_part", language, gained=gained, reached=reached)


def remedies_head(found: Remedies, basis: str, radius_km: float | None, language: str) -> list[str]:
    """Return what is said before the list of those who could be signed with."""
    if found.people is None or found.people_covered is None:
        covered = text("coverage.people.unknown", language)
    else:
        whole = people_words(found.people, basis, language)
        already = people_words(found.people_covered, basis, language)
        covered = _say("covered_now", language, covered=already, whole=whole)
    if found.found:
        return [covered, _say("in_reach", language, n=len(found.found), km=radius_km)]
    if service_rule(found.kind) != "place":
        return [covered, _say("no_zone", language)]
    return [covered, _say("nobody_near", language, km=radius_km)]
