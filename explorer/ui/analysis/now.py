"""What one can act on: relays, ties beside us, what a lapse or a departure would cut off."""

from __future__ import annotations

import streamlit as st

from explorer.services.analysis import Situation, critical, situation
from explorer.services.analysis_departure import sole_partners
from explorer.services.analysis_words import name_in, relay_line
from explorer.services.network import NetworkAnswer
from explorer.services.view import territory_names
from explorer.ui import resources, session
from explorer.ui.analysis.explain import explain, figure, say
from explorer.ui.analysis.lapsing import lapsing_part
from explorer.ui.analysis.listing import listed, structure, structures
from explorer.ui.beside import sheet_open
from explorer.ui.plain import plain
from explorer.ui.tree import el, opener
from explorer.wording import joined, number_in_words
from graph.analysis import key_players_reading, reading
from graph.messages import text
from graph.store.port import GraphStore

LEVEL = "arrondissement"
MOST = 5


def now(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the part."""
    if shown.answer.network.focus is None:
        st.info(say("needs_focus"))
        return
    found = resources.analysed(store, shown, "situation", lambda _: situation(shown.answer))
    _figures(found)
    wide = not sheet_open()
    left, right = st.columns(2, gap="medium") if wide else (st.container(), st.container())
    with left:
        _relays(shown.answer, found)
        _critical(store, shown)
        _outside(shown.answer, found)
    with right:
        lapsing_part(store, shown)
        _sole(store, shown)


def _figures(found: Situation) -> None:
    speaks = session.language()
    counts = {
        "direct_partners": len(found.direct),
        "sole_relays": len(found.relays.through),
        "outside_ties": len(found.outside),
    }
    for column, (key, count) in zip(st.columns(len(counts)), counts.items(), strict=True):
        with column:
            said = reading(key, count, speaks, through=say("one_other"))
            figure(key, number_in_words(count, speaks), said)


def _relays(answer: NetworkAnswer, found: Situation) -> None:
    st.subheader(say("relays"), anchor=False)
    speaks = session.language()
    if not found.relays.cut_off:
        st.write(text("analyse.no_relay", speaks))
        return
    nodes = [
        el(
            "details",
            el("summary", relay_line(answer, relay, len(who), speaks)),
            el("p", opener(name_in(answer, relay), str(relay))),
            structures(answer, map(str, who)),
            class_="group",
            data_key=str(relay),
        )
        for relay, who in found.relays.cut_off.items()
    ]
    listed(nodes, "relays")
    explain("sole_relays", place="_list")


def _critical(store: GraphStore, shown: resources.Shown) -> None:
    st.subheader(say("critical"), anchor=False)
    if not shown.answer.network.partners:
        st.write(say("no_partner"))
        return
    count = st.slider(say("how_many"), 1, MOST, 1, key="w_critical")
    found = resources.analysed(
        store, shown, f"critical {count}", lambda watch: critical(shown.answer, count, watch)
    )
    speaks = session.language()
    if found.before == found.after:
        st.write(say("no_critical"))
    else:
        names = tuple(name_in(shown.answer, key) for key in found.nodes)
        st.write(plain(key_players_reading(found, names, speaks)))
        listed([structures(shown.answer, map(str, found.nodes))], "critical")
    explain("key_players")


def _outside(answer: NetworkAnswer, found: Situation) -> None:
    st.subheader(say("outside"), anchor=False)
    speaks = session.language()
    if found.outside.empty:
        st.write(say("outside_none"))
        return
    st.write(reading("outside_ties", len(found.outside), speaks))
    rows = found.outside.sort_values("cooperations", ascending=False, kind="stable")
    items = [
        el(
            "li",
            opener(name_in(answer, row.a), str(row.a)),
            el("span", " – "),
            opener(name_in(answer, row.b), str(row.b)),
            el("span", _carried(int(str(row.cooperations))), class_="note"),
        )
        for row in rows.itertuples()
    ]
    listed([el("ul", *items, class_="hits")], "outside")


def _carried(agreements: int) -> str:
    return say("by_agreements", n=agreements) if agreements else say("by_membership")


def _sole(store: GraphStore, shown: resources.Shown) -> None:
    """Name the partners that are the only one of their kind where they are."""
    st.subheader(say("sole"), anchor=False)
    around = session.settings().territories
    found = resources.analysed(
        store, shown, f"sole {around}", lambda _: sole_partners(store, shown.answer, LEVEL, around)
    )
    if not found:
        st.write(say("sole_none"))
        return
    st.caption(say("sole_hint"))
    places = territory_names(store, {ref for refs in found.values() for ref in refs})
    items = [
        el(
            "li",
            *structure(shown.answer, key),
            el("span", _only(shown.answer, key, [places[ref] for ref in refs]), class_="note"),
        )
        for key, refs in found.items()
    ]
    listed([el("ul", *items, class_="hits")], "sole")


def _only(answer: NetworkAnswer, key: str, places: list[str]) -> str:
    item = answer.structures.get(key)
    kind = text(f"kind.{(item.kind if item else None) or 'unknown'}", session.language())
    return say("only", kind=kind, places=joined(sorted(places), session.language()))
