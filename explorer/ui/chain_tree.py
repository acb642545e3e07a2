"""Chains between two structures, and several structures chosen, as trees for the panel."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.palette import mark
from explorer.services.exploring import Chain, Chains, Hop
from explorer.services.network import NetworkAnswer
from explorer.ui.tree import Node, el, icon, opener
from explorer.viewmodel.model import ViewModel
from graph.messages import text
from graph.status import standing


def chain_nodes(
    found: Chains, ends: Sequence[str], answer: NetworkAnswer, language: str
) -> list[Node]:
    """Return the chains between `ends`, each step with its agreements."""
    write = _Writer(answer, language)
    a, b = (write.name(key) for key in ends)
    heading = el(
        "header",
        el("h2", text("page.chain.title", language, n=len(found.found))),
        el("p", text("page.chain.between", language, a=a, b=b)),
        el("p", text("page.chain.hint", language), class_="muted"),
    )
    if not found.found:
        return [heading, el("p", text("page.chain.none", language), class_="unknown")]
    listed = [write.chain(rank, chain) for rank, chain in enumerate(found.found, start=1)]
    more = text("page.chain.truncated", language, n=len(found.found)) if found.truncated else None
    return [heading, *listed, el("p", more, class_="muted") if more else ""]


def chosen_nodes(
    chosen: Sequence[str], view: ViewModel, answer: NetworkAnswer, language: str
) -> list[Node]:
    """Return the structures chosen, and the ties among them with their agreements."""
    write = _Writer(answer, language)
    nodes = {node.id: node for node in view.nodes}
    items = [
        el("li", icon(*mark(nodes[key].kind)), opener(nodes[key].label, key))
        for key in chosen
        if key in nodes
    ]
    inside = set(chosen)
    ties = [tie for tie in view.ties if tie.source in inside and tie.target in inside]
    between = [
        el(
            "li",
            el("p", f"{write.name(tie.source)} – {write.name(tie.target)}", class_="title"),
            el("p", tie.label, class_="muted"),
            *write.agreements(tie.cooperations),
        )
        for tie in ties
    ]
    return [
        el("header", el("h2", text("page.chosen.title", language, n=len(items)))),
        el("ul", *items, class_="partners"),
        el("h3", text("page.chosen.ties", language)),
        el("ul", *between, class_="cards")
        if between
        else el("p", text("page.chosen.no_ties", language), class_="unknown"),
        el("p", text("page.chosen.hint", language), class_="muted"),
    ]


class _Writer:
    """Puts structures and agreements into words."""

    def __init__(self, answer: NetworkAnswer, language: str) -> None:
        self.answer = answer
        self.language = language

    def name(self, key: str) -> str:
        item = self.answer.structures.get(key)
        return (item.name if item else None) or key

    def structure(self, key: str) -> Node:
        item = self.answer.structures.get(key)
        drawn = icon(*mark(item.kind if item else None))
        return el("p", drawn, opener(self.name(key), key))

    def chain(self, rank: int, chain: Chain) -> Node:
        length = len(chain.hops)
        title = text("page.chain.length", self.language, rank=rank, n=length)
        steps = [item for hop in chain.hops for item in (self.hop(hop), self.structure(hop.b))]
        return el("section", el("h3", title), self.structure(chain.nodes[0]), *steps)

    def hop(self, hop: Hop) -> Node:
        said = [
            el("p", text(f"page.chain.{kind}", self.language), class_="muted")
            for kind in ("membership", "relay")
            if kind in hop.kinds
        ]
        return el("div", *said, *self.agreements(hop.cooperations), class_="solution")

    def agreements(self, keys: Sequence[str]) -> list[Node]:
        return [self.agreement(key) for key in dict.fromkeys(keys)]

    def agreement(self, key: str) -> Node:
        item = self.answer.cooperations[key]
        now = standing(item, self.answer.selection.on)
        status = str(now.status) if now else "unknown"
        dashed = " attestee" if status == "attestee" else ""
        return el(
            "p",
            item.title or item.object or item.id,
            " ",
            el("span", text(f"status.{status}", self.language), class_=f"badge{dashed}"),
            el("span", " ", text(f"type.{item.type or 'unknown'}", self.language), class_="muted"),
        )
