"""A simulation in words: coverage, accessibility and network, before and after."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from explorer.services.access_words import figure_or_unknown
from explorer.services.coverage_network import NetworkChange, Role
from explorer.services.coverage_plan_words import listed
from explorer.services.coverage_simulation import Simulation, Standing, Trial
from explorer.wording import number_in_words
from graph.analysis import metric, said_value
from graph.analysis.plan_rules import PARTITIONS
from graph.identifiers import split_ref
from graph.messages import text


def _say(key: str, language: str, /, **params: object) -> str:
    return text(f"plan.{key}", language, **params)


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
        unknown if share is None else _say("percent", language, value=f"{100 * share:.0f}"),
        figure_or_unknown(standing.access, language),
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
        percent = _say("percent", language, value=share)
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
