"""Lists of structures as trees for the panel: partners by kind, those without position, hits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from explorer.palette import mark
from explorer.services.view_tables import Row
from explorer.ui.tree import Node, el, icon, opener
from explorer.viewmodel.model import Unplaced, ViewModel, ViewNode
from graph.identifiers import fold
from graph.messages import text
from graph.projection import Network
from graph.store.port import Hit
from graph.vocabulary import KINDS


def directory_nodes(view: ViewModel, network: Network) -> list[Node]:
    """Return every structure of the view as a list to open: partners by kind, then the others."""
    partners = [node for node in view.nodes if node.role == "partner"]
    groups = [_group(nodes, network, view.language) for nodes in _by_kind(partners)]
    apart = (
        (("focus", "focus_site"), "inside"),
        (("neighbour",), "beyond"),
        (("supply",), "supply"),
    )
    for roles, key in apart:
        others = [node for node in view.nodes if node.role in roles]
        if others:
            title = text(f"page.map.{key}", view.language)
            groups.append(_others(title, others, network, view.language))
    return groups


def _by_kind(nodes: Iterable[ViewNode]) -> list[list[ViewNode]]:
    found: dict[str, list[ViewNode]] = defaultdict(list)
    for node in nodes:
        found[node.kind].append(node)
    return [found[kind] for kind in (*KINDS, "unknown") if kind in found]


def _group(nodes: Sequence[ViewNode], network: Network, language: str) -> Node:
    first = nodes[0]
    # The canvas may colour by something else: in lists a kind keeps its own colour.
    title: list[Node] = [icon(*mark(first.kind)), first.kind_label]
    items = _items(nodes, network, language)
    return _details(title, len(nodes), items, key=first.kind, opened=True)


def _others(title: str, nodes: Sequence[ViewNode], network: Network, language: str) -> Node:
    items = [item for alike in _by_kind(nodes) for item in _items(alike, network, language)]
    return _details([title], len(nodes), items, key=title, opened=False)


def _details(
    title: Sequence[Node], count: int, items: Sequence[Node], *, key: str, opened: bool
) -> Node:
    summary = el("summary", *title, el("span", f" {count}", class_="count"))
    listed = el("ul", *items, class_="partners")
    return el("details", summary, listed, class_="group", data_key=key, open=opened)


def _items(nodes: Sequence[ViewNode], network: Network, language: str) -> list[Node]:
    ordered = sorted(nodes, key=lambda node: fold(node.label))
    return [
        el("li", opener(node.label, node.id), *_about(node, network, language)) for node in ordered
    ]


def _about(node: ViewNode, network: Network, language: str) -> list[Node]:
    partner = network.partners.get(node.id)
    said = [node.commune] if node.commune else []
    said += [text(f"via.{partner.via}", language)] if partner and partner.via else []
    return [el("span", ", ".join(said), class_="muted")] if said else []


def unplaced_nodes(unplaced: Sequence[Unplaced], language: str, *, opened: bool) -> list[Node]:
    """Return the structures that have no place on the map, with the reason."""
    if not unplaced:
        return []
    title = text("page.map.unplaced", language, n=len(unplaced))
    items = [
        el(
            "li",
            icon(mark(item.kind).symbol, mark(item.kind).colour),
            opener(item.label, item.id),
            el("span", f" · {item.kind_label} · {item.reason}", class_="muted"),
        )
        for item in unplaced
    ]
    return [
        el(
            "details",
            el("summary", title),
            el("ul", *items),
            class_="group",
            data_key="unplaced",
            open=opened,
        )
    ]


def hit_nodes(hits: Sequence[Hit], communes: Mapping[str, str], language: str) -> list[Node]:
    """Return the structures found by a search; nothing found is said."""
    if not hits:
        return [el("p", text("page.search.none", language), class_="muted")]
    items = []
    for hit in hits:
        drawn = mark(hit.kind)
        about = [text(f"kind_short.{hit.kind or 'unknown'}", language)]
        about += [communes.get(hit.commune, hit.commune)] if hit.commune else []
        items.append(
            el(
                "li",
                icon(drawn.symbol, drawn.colour),
                opener(hit.name, hit.id),
                el("span", " · ".join(about), class_="note"),
            )
        )
    return [el("ul", *items, class_="hits")]


def source_nodes(rows: Sequence[Row], language: str) -> list[Node]:
    """Return the sources as a table: title and remark, who publishes it, of when, of how much."""
    columns = ("source", "publisher", "vintage", "structures", "cooperations", "licence")
    below = {"source": "note", "vintage": "age"}
    return [el("div", *table_nodes(rows, columns, language, below), class_="sources")]


def table_nodes(
    rows: Sequence[Row],
    columns: Sequence[str],
    language: str,
    below: Mapping[str, str] | None = None,
    opens: Mapping[str, str] | None = None,
) -> list[Node]:
    """Return `rows` as a table whose cells wrap.

    `below` names what stands under a cell, `opens` the value of the row that a cell opens.
    """
    numbers = {name for name in columns if any(isinstance(row.get(name), int) for row in rows)}
    head = [
        el("th", text(f"page.column.{name}", language), scope="col", class_=_align(name, numbers))
        for name in columns
    ]
    body = [
        el(
            "tr",
            *(_cell(row, name, (below or {}).get(name), numbers, opens or {}) for name in columns),
        )
        for row in rows
    ]
    return [el("table", el("thead", el("tr", *head)), el("tbody", *body))]


def _cell(
    row: Row, name: str, below: str | None, numbers: set[str], opens: Mapping[str, str]
) -> Node:
    value, under = row.get(name), row.get(below) if below else None
    note = el("span", str(under), class_="note") if under else None
    said = "" if value is None else str(value)
    link = row.get(opens[name]) if name in opens else None
    shown = opener(said, str(link)) if link else said
    return el("td", shown, note, class_=_align(name, numbers))


def _align(name: str, numbers: set[str]) -> str | None:
    return "number" if name in numbers else None
