"""The table, the gaps and the sheet of a territory as trees of tags and texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from explorer.services.coverage import CoverageAnswer
from explorer.services.coverage_map import share_covered
from explorer.services.coverage_words import people_words, place_words, state_word, supply_words
from explorer.services.portrait import figure_words
from explorer.ui.tree import Node, el, opener
from explorer.wording import number_in_words
from graph.analysis.coverage import CoverageRow
from graph.analysis.partnership import STATES
from graph.messages import text
from graph.model import Territory
from graph.vocabulary import KINDS

MOST_GAPS = 40
GAP = "manque"
MOST_ROWS = 120

_SIGNS: Mapping[str, str] = {
    "agreed": "●",
    "attested": "◐",
    "own": "■",
    "linked": "◇",
    "unsigned": "○",
    "no_supply": "✕",
    "unknown": "?",
}
"""A sign beside the word of each state, so that colour never speaks alone."""


def shown_kinds(answer: CoverageAnswer) -> list[str]:
    """Return the kinds of which anything is known somewhere, in the order people read them."""
    known = {row.kind for row in answer.rows if row.state != "unknown"}
    return [kind for kind in KINDS if kind in known]


def columns_of(answer: CoverageAnswer, kinds: Sequence[str]) -> list[str]:
    """Return the columns of the matrix: `kinds`, and all that the reader asked for by name."""
    asked = answer.question.selection.kinds
    return [kind for kind in answer.question.kinds if kind in asked or kind in kinds]


def matrix_nodes(answer: CoverageAnswer, kinds: Sequence[str], language: str) -> list[Node]:
    """Return territory by kind; the name of a territory opens its sheet."""
    cells = {(row.territory, row.kind): row for row in answer.rows}
    head = [el("th", text("coverage.page.territory", language), scope="col")]
    head += [
        el(
            "th",
            text(f"kind_short.{kind}", language),
            scope="col",
            title=text(f"kind.{kind}", language),
        )
        for kind in kinds
    ]
    body = [
        _line(ref, [cells[ref, kind] for kind in kinds], answer, language)
        for ref in answer.read.ground.refs[:MOST_ROWS]
    ]
    table = el("table", el("thead", el("tr", *head)), el("tbody", *body), class_="matrix")
    return [el("div", table, class_="wide")]


def _line(ref: str, rows: Sequence[CoverageRow], answer: CoverageAnswer, language: str) -> Node:
    name = answer.read.ground.atlas[ref].name or ref
    return el(
        "tr",
        el("th", opener(name, ref), scope="row"),
        *(_cell(row, language) for row in rows),
    )


def _cell(row: CoverageRow, language: str) -> Node:
    said = supply_words(row, language)
    counted = sum(getattr(row, state) for state in STATES)
    return el(
        "td",
        el("span", f"{_SIGNS[row.state]} ", aria_hidden="true"),
        text(f"coverage.short.{row.state}", language),
        el("span", f" {_counts(row, counted)}", class_="note") if counted else None,
        class_=f"state {row.state}",
        title=f"{state_word(row.state, language)} ; {said}" if said else None,
    )


def _counts(row: CoverageRow, counted: int) -> str:
    """Return partners and sites of the group out of all that are known: 2/13."""
    ours = row.agreed + row.attested + row.own
    return f"{ours}/{counted}" if row.supply is not None else f"{ours}/≥{counted}"


def key_nodes(language: str) -> list[Node]:
    """Return what signs and numbers of the table mean."""
    items = [
        el(
            "li",
            el("span", f"{sign} ", class_=f"state {state}", aria_hidden="true"),
            state_word(state, language),
        )
        for state, sign in _SIGNS.items()
    ]
    counts = el("li", text("coverage.page.counts", language), class_="muted")
    return [el("ul", *items, counts, class_="key")]


def gap_nodes(answer: CoverageAnswer, kinds: Iterable[str], language: str) -> list[Node]:
    """Return where no partner is, most people first."""
    wanted = set(kinds)
    found = [row for row in answer.gaps if row.kind in wanted]
    if not found:
        return [el("p", text("coverage.page.no_gap", language), class_="muted")]
    items = [_gap(row, answer, language) for row in found[:MOST_GAPS]]
    nodes: list[Node] = [el("ol", *items, class_="cards gaps")]
    if len(found) > MOST_GAPS:
        more = text("coverage.page.more_gaps", language, n=len(found) - MOST_GAPS)
        nodes.append(el("p", more, class_="muted"))
    return nodes


def _gap(row: CoverageRow, answer: CoverageAnswer, language: str) -> Node:
    kind = text(f"kind_short.{row.kind}", language)
    head = text("coverage.line.kind", language, kind=row.name or row.territory, state=kind)
    why = text(f"coverage.page.why_{row.state}", language)
    near = share_covered(row, answer)
    reach = None
    if near is not None:
        reach = text("coverage.line.reach", language, share=f"{100 * near:.0f}")
    parts = [people_words(row.population, row.basis, language), supply_words(row, language), reach]
    return el(
        "li",
        el("div", opener(head, row.territory), class_="title"),
        el("div", el("span", f"{_SIGNS[row.state]} ", aria_hidden="true"), why),
        el("div", " · ".join(part for part in parts if part), class_="muted"),
        el("div", opener(text("plan.see_remedy", language), remedy_id(row)), class_="remedy"),
    )


def remedy_id(row: CoverageRow) -> str:
    """Return what a press on the remedy of a gap says: its kind, then its territory."""
    return f"{GAP}:{row.kind}:{row.territory}"


def territory_nodes(answer: CoverageAnswer, ref: str, language: str) -> list[Node]:
    """Return what is known of a territory: its indicators, and each kind with who offers it."""
    territory = answer.read.ground.atlas[ref]
    rows = [row for row in answer.rows if row.territory == ref]
    names = {item.id: item.name for item in answer.read.situation.structures}
    known = sorted(
        (row for row in rows if row.state != "unknown"), key=lambda row: KINDS.index(row.kind)
    )
    silent = [text(f"kind_short.{row.kind}", language) for row in rows if row.state == "unknown"]
    nodes: list[Node] = [
        el("h2", place_words(ref, territory.name, language)),
        *_figures(territory, language),
        el("h3", text("portrait.title.supply_named", language)),
        *(_kind(row, names, answer, language) for row in known),
    ]
    if silent:
        kinds = ", ".join(silent)
        nodes.append(el("p", text("coverage.line.unknown", language, kinds=kinds), class_="muted"))
    return nodes


def _figures(territory: Territory, language: str) -> list[Node]:
    items = [el("li", said) for said in figure_words(territory, language)]
    title = text("coverage.page.figures", language)
    return [el("h3", title), el("ul", *items)] if items else []


def _kind(
    row: CoverageRow, names: Mapping[str, str | None], answer: CoverageAnswer, language: str
) -> Node:
    lists = [
        el(
            "li",
            el("span", f"{_SIGNS[state]} ", aria_hidden="true"),
            opener(names.get(ident) or ident, ident),
            el("span", f" {state_word(state, language)}", class_="kind"),
        )
        for state in STATES
        for ident in row.structures[state]
    ]
    title = text(
        "coverage.line.kind",
        language,
        kind=text(f"kind_short.{row.kind}", language),
        state=state_word(row.state, language),
    )
    return el(
        "details",
        el("summary", title, el("span", f" {supply_words(row, language)}", class_="count")),
        el("p", _facts(row, answer, language), class_="muted"),
        el("ul", *lists),
        class_="group",
        data_key=row.kind,
    )


def _facts(row: CoverageRow, answer: CoverageAnswer, language: str) -> str:
    parts = []
    if row.capacity is not None:
        places = number_in_words(round(row.capacity), language)
        parts.append(text("coverage.page.places", language, n=row.capacity_stated, places=places))
    if row.places_per_1000 is not None:
        said = number_in_words(round(row.places_per_1000, 1), language)
        parts.append(text("coverage.page.density", language, value=said))
    if row.partnership_rate is not None:
        rate = f"{100 * row.partnership_rate:.0f}"
        parts.append(text("coverage.page.rate", language, value=rate))
    reached = answer.reached.get((row.kind, row.territory))
    if reached is not None and reached.share_covered is not None:
        parts.append(
            text("coverage.line.reach", language, share=f"{100 * reached.share_covered:.0f}")
        )
        if 0.5 in reached.metres:  # noqa: PLR2004 - the median
            km = number_in_words(round(reached.metres[0.5] / 1000, 1), language)
            parts.append(text("coverage.page.median", language, km=km))
    return " · ".join(parts)
