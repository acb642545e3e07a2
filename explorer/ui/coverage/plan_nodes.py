"""A proposal, its sensitivity and the remedy of a gap as trees of tags and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.services.coverage import Proposal
from explorer.services.coverage_plan_words import (
    gain_words,
    km_words,
    remedies_head,
    remedy_words,
    verdict,
)
from explorer.services.coverage_words import gain_words as proposal_words
from explorer.services.coverage_words import people_words
from explorer.ui.tree import Node, el, opener
from explorer.wording import joined, number_in_words
from graph.analysis.remedies import Remedies, Remedy
from graph.analysis.sensitivity import Sensitivity, Trial
from graph.messages import text

MOST_SHOWN = 12
MOST_REMEDIES = 20


def proposal_nodes(found: Proposal, rules: Sequence[str], language: str) -> list[Node]:
    """Return what a choice gains, every choice as good, and the rules that it respects."""
    suggested = found.suggestion
    if not suggested.candidates:
        kind = text(f"kind_short.{suggested.kind}", language)
        return [el("p", text("coverage.suggest.none", language, kind=kind))]
    nodes: list[Node] = [el("p", el("strong", proposal_words(found, language)))]
    if len(suggested.solutions) > 1:
        said = text("coverage.suggest.equal", language, n=len(suggested.solutions))
        nodes.append(el("p", said))
    for sites in suggested.solutions[:MOST_SHOWN]:
        items = [el("li", opener(found.names.get(site) or site, site)) for site in sites]
        nodes.append(el("ul", *items, class_="solution"))
    hidden = len(suggested.solutions) - MOST_SHOWN
    if hidden > 0:
        nodes.append(el("p", text("plan.more_choices", language, n=hidden), class_="muted"))
    if rules:
        said = text("plan.rules", language)
        nodes.append(el("p", said, class_="muted"))
        nodes.append(el("ul", *(el("li", rule) for rule in rules), class_="muted"))
    return nodes


def sensitivity_nodes(
    found: Sensitivity, names: Mapping[str, str], basis: str, language: str
) -> list[Node]:
    """Return whether a choice holds, and a table radius by detour of what is best there."""
    sentences = verdict(found, names, basis, language)
    nodes: list[Node] = [el("p", el("strong", sentences[0]))]
    nodes += [el("p", sentence) for sentence in sentences[1:]]
    detours = sorted({trial.detour for trial in found.trials})
    head = [el("th", text("plan.column_radius", language), scope="col")]
    for detour in detours:
        said = number_in_words(detour, language)
        head.append(el("th", text("plan.column_detour", language, detour=said), scope="col"))
    lines: dict[float, list[Node]] = {}
    for trial in found.trials:
        lines.setdefault(trial.radius, []).append(_trial(trial, basis, language))
    body = [
        el("tr", el("th", km_words(radius, language), scope="row"), *cells)
        for radius, cells in lines.items()
    ]
    table = el("table", el("thead", el("tr", *head)), el("tbody", *body), class_="plan")
    hint = el("p", text("plan.table_hint", language), class_="muted")
    return [*nodes, el("div", table, class_="full"), hint, *_others(found, names, language)]


def _trial(trial: Trial, basis: str, language: str) -> Node:
    if trial.found is None or trial.people_best is None:
        return el("td", text("plan.no_choice", language))
    best = number_in_words(round(trial.people_best), language)
    if trial.holds:
        return el("td", best, el("div", text("plan.same_choice", language), class_="note"))
    less = number_in_words(round(trial.people_best - trial.people_kept), language)
    return el(
        "td",
        el("strong", best),
        el("div", text("plan.lost", language, people=less), class_="note"),
        title=people_words(trial.people_best, basis, language),
    )


def _others(found: Sensitivity, names: Mapping[str, str], language: str) -> list[Node]:
    """Return the other choices, each where it is best."""
    items = [
        el(
            "li",
            text(
                "plan.other_at",
                language,
                km=km_words(trial.radius, language),
                detour=number_in_words(trial.detour, language),
                names=joined([names.get(s, s) for s in trial.found.solutions[0]], language),
            ),
        )
        for trial in found.trials
        if trial.found is not None and not trial.holds
    ]
    if not items:
        return []
    title = el("summary", text("plan.others", language))
    return [el("details", title, el("ul", *items), class_="group", data_key="others")]


def remedy_nodes(
    found: Remedies,
    basis: str,
    radius_km: float | None,
    names: Mapping[str, str],
    language: str,
    *,
    registered: bool,
) -> list[Node]:
    """Return who could be signed with for the people of a territory, names first."""
    kind = text(f"kind_short.{found.kind}", language)
    first, *rest = remedies_head(found, basis, radius_km, language)
    nodes: list[Node] = [
        el("h3", text("plan.remedy_title", language, kind=kind)),
        el("p", first),
        *(el("p", el("strong", said)) for said in rest),
    ]
    items = [_remedy(item, basis, names, language) for item in found.found[:MOST_REMEDIES]]
    if items:
        nodes.append(el("ol", *items, class_="cards remedies"))
    hidden = len(found.found) - MOST_REMEDIES
    if hidden > 0:
        nodes.append(el("p", text("coverage.line.more", language, n=hidden), class_="muted"))
    if found.nearest is not None:
        near = found.nearest
        said = remedy_words(near, language)
        name = opener(names.get(near.structure, near.structure), near.structure)
        nodes.append(el("p", text("plan.nearest", language), name, f" ({said})"))
    if not registered:
        nodes.append(el("p", text("plan.no_register", language), class_="muted"))
    return nodes


def _remedy(item: Remedy, basis: str, names: Mapping[str, str], language: str) -> Node:
    return el(
        "li",
        el(
            "div", opener(names.get(item.structure, item.structure), item.structure), class_="title"
        ),
        el("div", gain_words(item, basis, language)),
        el("div", remedy_words(item, language), class_="muted"),
    )
