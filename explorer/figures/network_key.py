"""What stands beside a network: legend of what is drawn, numbered key, who has no place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from explorer.figures import panel
from explorer.figures.drawing import Item, Line, Place, Symbol
from explorer.figures.legend import Entry, Sign
from explorer.figures.lettering import clean
from explorer.figures.making import Style
from explorer.figures.naming import Named
from explorer.figures.paper import mark_ink
from explorer.viewmodel.model import TieStyle, ViewModel, ViewNode
from graph.messages import text


class Base(NamedTuple):
    """What is drawn: the view and the places of its structures, on a territory or not."""

    view: ViewModel
    places: Mapping[str, Place]
    on_map: bool


def entries_of(base: Base, named: Named | None, style: Style) -> list[Entry]:
    """Return the legend, the numbered key, and who has no place."""
    view = base.view
    entries = [*_kind_entries(base, style), *_tie_entries(base, style), *_sign_entries(base, style)]
    labels = {node.id: node.label for node in view.nodes}
    if named and named.numbers:
        entries.append(Entry(style.say("key"), heading=True))
        entries += [
            Entry(labels[key], number=str(number), size="key")
            for key, number in sorted(named.numbers.items(), key=lambda item: item[1])
        ]
    if named and named.unnamed:
        entries.append(Entry(style.say("unnamed", n=len(named.unnamed)), size="key"))
    lost = [node for node in view.nodes if node.id not in base.places]
    if lost:
        entries.append(Entry(style.say("unplaced", n=len(lost)), heading=True))
        entries += [
            Entry(node.label, size="key")
            for node in sorted(lost, key=lambda n: (clean(n.label).casefold(), n.id))
        ]
    return entries


def _kind_entries(base: Base, style: Style) -> list[Entry]:
    shown = [node for node in base.view.nodes if node.id in base.places]
    order = {item.key: at for at, item in enumerate(base.view.legend_kinds)}
    kinds: dict[str, list[ViewNode]] = {}
    for node in shown:
        kinds.setdefault(node.kind, []).append(node)
    entries = [Entry(text("canvas.legend.kinds", style.language), heading=True)] if kinds else []
    for kind in sorted(kinds, key=lambda kind: (order.get(kind, len(order)), kind)):
        first = kinds[kind][0]
        label = style.say("counted", label=first.kind_label, n=len(kinds[kind]))
        entries.append(Entry(label, sign=_kind_sign(first, style)))
    return entries


def _kind_sign(node: ViewNode, style: Style) -> Sign:
    ink = mark_ink(node.kind, node.colour, style.theme)
    radius = style.paper.mm(1.35)

    def sign(x: float, y: float) -> tuple[Item, ...]:
        return (
            Symbol(
                x=x,
                y=y,
                radius=radius,
                symbol=node.symbol,
                fill=ink.fill,
                stroke=ink.stroke,
                width=style.paper.scale * (1.0 if ink.fill == "#FFFFFF" else 0.5),
                core=ink.core,
                name="legend",
            ),
        )

    return sign


def _tie_entries(base: Base, style: Style) -> list[Entry]:
    ids = base.places.keys()
    drawn = [tie for tie in base.view.ties if tie.source in ids and tie.target in ids]
    entries: list[Entry] = []
    members = sum(tie.type == "membership" for tie in drawn)
    for item in base.view.legend_ties:
        count = sum(tie.style == item.style and tie.type != "membership" for tie in drawn)
        if count:
            label = style.say("counted", label=item.label, n=count)
            entries.append(Entry(label, sign=_tie_sign(item.style, style, member=False)))
    if members:
        label = style.say("counted", label=style.say("membership"), n=members)
        entries.append(Entry(label, sign=_tie_sign("solid", style, member=True)))
    heading = [Entry(text("canvas.legend.ties", style.language), heading=True)]
    return [*heading, *entries] if entries else []


def _tie_sign(look: TieStyle, style: Style, *, member: bool) -> Sign:
    scale, half = style.paper.scale, style.paper.mm(2.6)

    def sign(x: float, y: float) -> tuple[Item, ...]:
        return (
            Line(
                points=((x - half, y), (x + half, y)),
                colour=style.theme.tie,
                width=scale * (panel.MEMBER_WIDTH if member else panel.TIE_WIDTH),
                dash=tuple(each * scale for each in panel.DASHES[look]),
                name="legend",
            ),
        )

    return sign


def _sign_entries(base: Base, style: Style) -> list[Entry]:
    """Return how to read rings and hollow symbols, where there are any."""
    shown = [node for node in base.view.nodes if node.id in base.places]
    signs = {panel.approximate(node) for node in shown} if base.on_map else set()
    signs |= {node.role for node in shown}
    entries = [
        Entry(text(f"canvas.legend.{name}", style.language), sign=_ring_sign(name, style))
        for name in ("focus", "focus_site", "centroid", "attached")
        if name in signs
    ]
    heading = [Entry(text("canvas.legend.positions", style.language), heading=True)]
    return [*heading, *entries] if entries else []


def _ring_sign(name: str, style: Style) -> Sign:
    paper, theme = style.paper, style.theme

    def disc(x: float, y: float, radius: float, **look: object) -> Symbol:
        return Symbol(x=x, y=y, radius=radius, symbol="dot", name="legend", **look)  # type: ignore[arg-type]

    def sign(x: float, y: float) -> tuple[Item, ...]:
        if name in {"focus", "focus_site"}:
            width = paper.scale * (1.3 if name == "focus" else 0.8)
            outer, inner = (paper.mm(r) for r in ((2.0, 1.2) if name == "focus" else (1.5, 0.8)))
            ring = disc(x, y, outer, fill=theme.sheet, stroke=theme.ink, width=width)
            return ring, disc(x, y, inner, fill=theme.ink, stroke=theme.ink)
        if theme.name == "grey":
            solid = disc(x, y, paper.mm(0.9), fill=theme.ink, stroke=theme.ink)
            return solid, panel.grey_ring(name, x, y, paper.mm(1.6), paper, theme)
        core = theme.ink if name == "attached" else None
        hollow = disc(
            x, y, paper.mm(1.3), fill=theme.sheet, stroke=theme.ink, width=paper.scale, core=core
        )
        return (hollow,)

    return sign
