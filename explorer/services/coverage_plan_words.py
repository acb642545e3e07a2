"""Plans in words: rules of a choice, whether it holds elsewhere, the remedy of a gap, a trial."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_network import NetworkChange, Role
from explorer.services.coverage_plan import Plan
from explorer.services.coverage_simulation import Simulation, Standing, Trial
from explorer.services.coverage_words import people_words, state_word, suggestion_lines
from explorer.wording import joined, number_in_words
from graph.analysis import metric, said_value
from graph.analysis.constraints import PARTITIONS, Constraints
from graph.analysis.remedies import Remedies, Remedy
from graph.analysis.sensitivity import Sensitivity, Turning, turning
from graph.analysis.service_areas import service_rule
from graph.analysis.suggestions import Suggestion
from graph.identifiers import split_ref
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
    """Return what the rules left aside, and that there were fewer candidates than asked."""
    said = []
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
    if round(found.people_gained) == round(found.people_reached):
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


def measure_rows(found: NetworkChange, language: str) -> list[tuple[str, str, str]]:
    """Return each measure of the network: its name, before, after."""
    direct = [number_in_words(count, language) for count in found.direct]
    rows = [(_say("direct", language), direct[0], direct[1])]
    for name, (before, after) in found.measures.items():
        said = [said_value(name, value, language) for value in (before, after)]
        rows.append((metric(name).name(language), said[0], said[1]))
    return rows


def role_words(role: Role | None, names: Mapping[str, str], language: str) -> str:
    """Return the part that a structure plays in a network."""
    if role is None:
        return _say("outside", language)
    between = said_value("betweenness", role.betweenness, language)
    plain = not role.betweenness and not role.depend
    key = "leaf" if plain else "role" if role.betweenness else "tied"
    said = _say(key, language, n=role.ties, between=between)
    if role.depend:
        shown = listed(role.depend, names, language)
        said += _say("depend", language, n=len(role.depend), names=shown)
    return said


def trial_notes(found: Trial, names: Mapping[str, str], language: str) -> list[str]:
    """Return what a signature and a departure are taken to be, and whom else they concern."""
    said = [_say("assumed", language)] if found.add else []
    said += [_say("assumed_end", language)] if found.remove else []
    for key, ids in (("also_joined", found.also_joined), ("also_left", found.also_left)):
        if ids:
            said.append(_say(key, language, n=len(ids), names=listed(ids, names, language)))
    return said


def standing_words(standing: Standing, language: str) -> tuple[str, str, str, str]:
    """Return state, people in reach, their share and places in reach of a territory."""
    reached = standing.reach
    share = reached.share_covered
    unknown = text("word.unknown", language)
    people = reached.population_covered
    return (
        text(f"coverage.short.{standing.row.state}", language),
        unknown if people is None else number_in_words(round(people), language),
        unknown
        if share is None
        else text("coverage.page.percent", language, value=f"{100 * share:.0f}"),
        unknown
        if standing.access is None
        else number_in_words(round(standing.access, 1), language),
    )


def total_words(
    simulated: Simulation, language: str
) -> tuple[tuple[str, str, str, str], tuple[str, str, str, str]] | None:
    """Return people in reach over all territories, before and after.

    None where territories may overlap, or one of them is not known.
    """
    if any(split_ref(ref)[0] not in PARTITIONS for ref in simulated.before):
        return None
    sides = [list(side.values()) for side in (simulated.before, simulated.after)]
    whole = [standing.reach.population for standing in sides[0]]
    if not whole or any(count is None for count in whole):
        return None
    total = math.fsum(count or 0 for count in whole)
    said = []
    for side in sides:
        people = math.fsum(standing.reach.population_covered or 0 for standing in side)
        share = f"{100 * people / total:.0f}" if total else "0"
        percent = text("coverage.page.percent", language, value=share)
        said.append(("", number_in_words(round(people), language), percent, ""))
    return said[0], said[1]


def trial_lines(found: Trial, names: Mapping[str, str], language: str) -> Iterator[str]:
    """Yield a trial for a terminal: what changes, territory by territory, then the network."""
    for kind, simulated in found.kinds.items():
        yield text(f"kind.{kind}", language)
        changed = 0
        for ref, before in simulated.before.items():
            was = standing_words(before, language)
            now = standing_words(simulated.after[ref], language)
            if was != now:
                changed += 1
                name = before.row.name or ref
                yield "  " + _line(name, _changes(was, now, language), language)
        if not changed:
            yield f"  {_say('no_change', language)}"
    yield ""
    yield _say("network", language)
    for name, before_said, after_said in measure_rows(found.network, language):
        yield "  " + _line(name, _arrow(before_said, after_said, language), language)
    for ident, roles in found.network.roles.items():
        said = [role_words(role, names, language) for role in roles]
        yield "  " + _line(names.get(ident, ident), _arrow(said[0], said[1], language), language)


def _changes(was: Sequence[str], now: Sequence[str], language: str) -> str:
    labels = ("state", "people", "share", "access")
    return text("coverage.line.between", language).join(
        _say(f"change_{label}", language, change=_arrow(before, after, language))
        for label, before, after in zip(labels, was, now, strict=True)
        if before != after
    )


def _line(name: str, said: str, language: str) -> str:
    return text("coverage.line.kind", language, kind=name, state=said)


def _arrow(before: str, after: str, language: str) -> str:
    if before == after:
        return before
    return text("coverage.page.before_after", language, before=before, after=after)
