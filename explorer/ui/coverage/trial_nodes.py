"""A simulation as trees: coverage, accessibility and network, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.services.coverage_simulation import Simulation, Trial
from explorer.services.coverage_trial_words import (
    measure_rows,
    role_words,
    standing_words,
    total_words,
)
from explorer.ui.tree import Node, el
from graph.messages import text

MOST_ROWS = 24
_COLUMNS = (
    "coverage.page.territory",
    "coverage.page.column_state",
    "plan.column_people",
    "plan.column_share",
    "plan.column_access",
)


def coverage_nodes(found: Trial, language: str) -> list[Node]:
    """Return each territory before and after: state, people and places within reach."""
    nodes: list[Node] = [el("h3", text("plan.title_coverage", language))]
    for kind, simulated in found.kinds.items():
        nodes.append(el("h4", text(f"kind.{kind}", language)))
        nodes += _kind(simulated, language)
    return [*nodes, el("p", text("coverage.page.access_note", language), class_="muted")]


def _kind(simulated: Simulation, language: str) -> list[Node]:
    said = {
        ref: (standing_words(before, language), standing_words(simulated.after[ref], language))
        for ref, before in simulated.before.items()
    }
    changed = [ref for ref, (was, now) in said.items() if was != now]
    shown = list(said) if len(said) <= MOST_ROWS else changed[:MOST_ROWS]
    rows = [
        _line(simulated.before[ref].row.name or ref, said[ref][0], said[ref][1], language)
        for ref in shown
    ]
    total = total_words(simulated, language)
    if total is not None:
        rows.append(_line(text("plan.total", language), total[0], total[1], language))
    head = [el("th", text(name, language), scope="col") for name in _COLUMNS]
    table = el("table", el("thead", el("tr", *head)), el("tbody", *rows), class_="plan")
    nodes: list[Node] = [el("div", table, class_="full")]
    if len(shown) < len(said):
        note = text("plan.changed_only", language, n=len(shown), all=len(said))
        nodes.append(el("p", note, class_="muted"))
    return nodes


def network_nodes(found: Trial, names: Mapping[str, str], language: str) -> list[Node]:
    """Return the measures of the network before and after, and the part of each structure."""
    rows = [
        _line(name, [before], [after], language)
        for name, before, after in measure_rows(found.network, language)
    ]
    head = [text("plan.column_measure", language), text("plan.column_change", language)]
    table = el(
        "table",
        el("thead", el("tr", *(el("th", word, scope="col") for word in head))),
        el("tbody", *rows),
        class_="plan",
    )
    roles = []
    for ident, each in found.network.roles.items():
        before, after = (role_words(role, names, language) for role in each)
        said = _change(before, after, language)
        line = text("coverage.line.kind", language, kind=names.get(ident, ident), state=said)
        roles.append(el("li", line))
    return [
        el("h3", text("plan.title_network", language)),
        el("div", table, class_="full"),
        el("h4", text("plan.title_roles", language)),
        el("ul", *roles),
    ]


def _line(name: str, was: Sequence[str], now: Sequence[str], language: str) -> Node:
    cells = [_cell(before, after, language) for before, after in zip(was, now, strict=True)]
    return el("tr", el("th", name, scope="row"), *cells)


def _cell(before: str, after: str, language: str) -> Node:
    said = _change(before, after, language)
    return el("td", said) if before == after else el("td", el("strong", said))


def _change(before: str, after: str, language: str) -> str:
    if before == after:
        return text("coverage.page.same", language, before=before)
    return text("coverage.page.before_after", language, before=before, after=after)
