"""A simulation and a sensitivity as trees of tags and texts."""

from __future__ import annotations

from explorer.services.coverage import CoverageAnswer, Proposal
from explorer.services.coverage_simulation import Sensitivity, Simulation, Standing
from explorer.services.coverage_words import people_words, state_word
from explorer.ui.tree import Node, el
from explorer.wording import joined, number_in_words
from graph.messages import text


def simulation_nodes(found: Simulation, language: str) -> list[Node]:
    """Return each territory before and after: state, people and places within reach."""
    names = ("territory", "column_state", "column_reach", "column_access")
    head = [el("th", text(f"coverage.page.{name}", language), scope="col") for name in names]
    body = [_line(found.before[ref], found.after[ref], language) for ref in found.before]
    counts = {"before": found.partners_before, "after": found.partners_after}
    return [
        el("div", el("table", el("thead", el("tr", *head)), el("tbody", *body)), class_="wide"),
        el("p", text("coverage.page.network_change", language, **counts)),
        el("p", text("coverage.page.access_note", language), class_="muted"),
    ]


def _line(before: Standing, after: Standing, language: str) -> Node:
    columns = (_state, _near, _access)
    cells = [_change(say(before, language), say(after, language), language) for say in columns]
    name = before.row.name or before.row.territory
    return el("tr", el("th", name, scope="row"), *cells)


def _change(before: str, after: str, language: str) -> Node:
    if before == after:
        return el("td", text("coverage.page.same", language, before=before))
    said = text("coverage.page.before_after", language, before=before, after=after)
    return el("td", el("strong", said))


def _state(standing: Standing, language: str) -> str:
    return state_word(standing.row.state, language)


def _near(standing: Standing, language: str) -> str:
    share = standing.reach.share_covered
    if share is None:
        return text("word.unknown", language)
    return text("coverage.page.percent", language, value=f"{100 * share:.0f}")


def _access(standing: Standing, language: str) -> str:
    if standing.access is None:
        return text("word.unknown", language)
    return number_in_words(round(standing.access, 1), language)


def sensitivity_nodes(
    found: Sensitivity, proposal: Proposal, answer: CoverageAnswer, language: str
) -> list[Node]:
    """Return what is covered at each radius, and the structures that every radius proposes."""
    items = [
        el(
            "li",
            text(
                "coverage.page.sensitive_at",
                language,
                km=number_in_words(km, language),
                people=people_words(each.people_covered_after, proposal.basis, language),
            ),
        )
        for km, each in zip(found.radii_km, found.found, strict=True)
    ]
    names = {item.id: item.name or item.id for item in answer.read.situation.structures}
    stable = sorted(names.get(ident, ident) for ident in found.stable)
    key, said = ("some", joined(stable, language)) if stable else ("none", "")
    verdict = text(f"coverage.page.sensitive_{key}", language, n=len(stable), names=said)
    return [el("ul", *items), el("p", el("strong", verdict))]
