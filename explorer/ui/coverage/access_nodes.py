"""Distances, distributions and places in reach as trees of tags and texts."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.services.access import Distances, Nearest, NearestRow, Spread
from explorer.services.access_words import (
    cost_words,
    figure_or_unknown,
    method_words,
    nearest_words,
    rank_lines,
    spread_words,
    topic_words,
)
from explorer.services.accessibility import Accessibility
from explorer.services.accessibility_table import AccessRow
from explorer.ui.tree import Node, el, opener
from explorer.wording import number_in_words
from graph.analysis.access import LIMITS
from graph.messages import text

MOST_TERRITORIES = 60
MOST_COMMUNES = 60


def distance_nodes(found: Distances, language: str) -> list[Node]:
    """Return the distribution of each territory, then the nearest of each commune."""
    nodes: list[Node] = []
    if len(found.read.ground.refs) <= _FEW:
        nodes.append(el("ul", *(_sentence(each, found, language) for each in found.spreads)))
    return [
        *nodes,
        el("p", _say("caption_spread", language), class_="muted"),
        _wide(_spread_table(found, language)),
        el(
            "details", el("summary", _say("caption_communes", language)), *_nearest(found, language)
        ),
    ]


_FEW = 6
"""Territories whose distribution is also said in words."""


def _sentence(each: Spread, found: Distances, language: str) -> Node:
    said = spread_words(each, found.times.unit, language)
    return el("li", f"{each.name} · {said}")


def _spread_table(found: Distances, language: str) -> Node:
    unit = found.times.unit
    names = ["column_territory", "column_people"]
    head = [_say(name, language) for name in [*names, "column_to"]]
    head += [cost_words(limit, unit, language) for limit in LIMITS[unit]]
    head += [_say("column_median", language), _say("column_ninety", language)]
    shown = found.spreads[: 2 * MOST_TERRITORIES]
    return _table(head, [_spread_row(each, unit, language) for each in shown], frozenset({2}))


def _spread_row(each: Spread, unit: str, language: str) -> list[str]:
    known = each.known
    unknown = text("word.unknown", language)
    shares = [known.within.get(limit) for limit in LIMITS[unit]]
    people = unknown if known.people is None else number_in_words(round(known.people), language)
    costs = [known.median, known.deciles.get(0.9)]
    return [
        each.name,
        people,
        text(f"access.short.{each.side}", language),
        *("–" if share is None else _percent(share, language) for share in shares),
        *("–" if cost is None else cost_words(cost, unit, language) for cost in costs),
    ]


def _percent(share: float, language: str) -> str:
    return text("coverage.page.percent", language, value=f"{100 * share:.0f}")


def _nearest(found: Distances, language: str) -> list[Node]:
    ordered = sorted(found.rows, key=lambda row: (-(row.population or 0), row.commune))
    names = ("column_commune", "column_people", "column_partner", "column_supply")
    head = [_say(name, language) for name in names]
    rows = [_nearest_row(row, found, language) for row in ordered[:MOST_COMMUNES]]
    table = _wide(_table(head, rows, frozenset({2, 3})))
    if len(ordered) <= MOST_COMMUNES:
        return [table]
    return [el("p", _say("first_communes", language, n=MOST_COMMUNES), class_="muted"), table]


def _nearest_row(row: NearestRow, found: Distances, language: str) -> list[Node | str]:
    people = row.population
    return [
        row.name,
        text("word.unknown", language)
        if people is None
        else number_in_words(round(people), language),
        _end(row.partner, found, language),
        _end(row.supply, found, language),
    ]


def _end(end: Nearest | None, found: Distances, language: str) -> Node | str:
    said = nearest_words(end, found, language)
    return said if end is None else opener(said, end.id)


def access_nodes(found: Accessibility, language: str) -> list[Node]:
    """Return places in reach by territory, beside official figures, then commune by commune."""
    title = el("p", el("strong", method_words(found, language)))
    if found.why is not None:
        kind = text(f"kind_short.{found.kind}", language)
        return [title, el("p", text(f"access.why.{found.why}", language, kind=kind))]
    ordered = sorted(found.communes, key=lambda row: (-(row.population or 0), row.territory))
    more: list[Node] = [_wide(_access_table(ordered[:MOST_COMMUNES], language))]
    if len(ordered) > MOST_COMMUNES:
        said = _say("first_communes", language, n=MOST_COMMUNES)
        more.insert(0, el("p", said, class_="muted"))
    return [
        title,
        _wide(_access_table(found.rows[:MOST_TERRITORIES], language)),
        *(el("p", line) for line in rank_lines(found, language)),
        el("details", el("summary", _say("caption_communes", language)), *more),
    ]


def _access_table(rows: Sequence[AccessRow], language: str) -> Node:
    periods = {fact.topic: str(fact.date or "–") for row in rows for fact in row.official}
    topics = sorted(periods)
    names = ("column_territory", "column_people", "column_ours", "column_all")
    head = [_say(name, language) for name in names]
    head += [
        _say("official", language, topic=topic_words(topic, language), period=periods[topic])
        for topic in topics
    ]
    return _table(head, [_access_row(row, topics, language) for row in rows])


def _access_row(row: AccessRow, topics: Sequence[str], language: str) -> list[str]:
    held = {fact.topic: fact.value for fact in row.official}
    people = row.population
    return [
        row.name,
        text("word.unknown", language)
        if people is None
        else number_in_words(round(people), language),
        figure_or_unknown(row.partner, language),
        figure_or_unknown(row.supply, language),
        *(_number(held.get(topic), language) for topic in topics),
    ]


def _number(value: object, language: str) -> str:
    return figure_or_unknown(float(value) if isinstance(value, int | float) else None, language)


def _table(
    head: Sequence[str], rows: Sequence[Sequence[Node | str]], words: frozenset[int] = frozenset()
) -> Node:
    """Return a table; the columns that are not in `words`, nor the first, hold numbers."""

    def kind(column: int) -> str | None:
        return None if column == 0 or column in words else "number"

    top = el("tr", *(el("th", name, scope="col", class_=kind(at)) for at, name in enumerate(head)))
    body = [
        el(
            "tr",
            el("th", row[0], scope="row"),
            *(el("td", cell, class_=kind(at)) for at, cell in enumerate(row[1:], 1)),
        )
        for row in rows
    ]
    return el("table", el("thead", top), el("tbody", *body), class_="figures")


def _wide(table: Node) -> Node:
    return el("div", table, class_="wide")


def _say(key: str, language: str, **params: object) -> str:
    return text(f"access.page.{key}", language, **params)
