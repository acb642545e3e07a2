"""What ends before a day if nothing is done, and whom it would cut off."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from explorer.services.analysis_departure import Lapse, lapse
from explorer.services.analysis_words import name_in
from explorer.services.network import NetworkAnswer
from explorer.services.sheet_model import link_to
from explorer.ui import resources, session
from explorer.ui.analysis.explain import say
from explorer.ui.analysis.listing import effects, listed
from explorer.ui.tree import el, opener
from explorer.view_state import agreement_key
from explorer.wording import day_in_words
from graph.projection import signatories
from graph.store.port import GraphStore

AHEAD = timedelta(days=365)
_KEY = "w_lapse"


def lapsing_part(store: GraphStore, shown: resources.Shown) -> None:
    """Draw the part."""
    st.subheader(say("lapse"), anchor=False)
    until = _day(shown.answer.network.on)
    if until is None:
        st.info(say("lapse_too_early"))
        return
    found = resources.analysed(
        store, shown, f"lapse {until}", lambda watch: lapse(store, shown.answer, until, watch=watch)
    )
    said = day_in_words(until, session.language())
    key = "lapse_count" if found.cooperations else "lapse_none"
    st.write(say(key, n=len(found.cooperations), day=said))
    if found.unstated:
        st.caption(say("lapse_unknown", n=found.unstated))
    if found.effect is not None:
        _agreements(shown.answer, found)
        effects(shown.answer, found.effect, "lapse")
        st.button(
            say("simulate"), key="simulate_lapse", on_click=_simulate, args=(found.cooperations,)
        )


def _day(on: date) -> date | None:
    """Ask for a day, a year ahead by default; None where it is not after the day looked at."""
    asked = session.state().lapse
    value = asked or min(on + AHEAD, session.LAST_DAY)
    if st.session_state.get(_KEY) != value:
        st.session_state[_KEY] = value

    def changed() -> None:
        session.change(lapse=st.session_state[_KEY])

    st.date_input(
        say("lapse_day"),
        key=_KEY,
        format="DD/MM/YYYY",
        min_value=session.FIRST_DAY,
        max_value=session.LAST_DAY,
        on_change=changed,
        width=220,
    )
    return value if value > on else None


def _agreements(answer: NetworkAnswer, found: Lapse) -> None:
    speaks = session.language()
    terms = {key: answer.network.standings[key].term for key in found.cooperations}
    items = []
    for key, term in sorted(terms.items(), key=lambda item: (item[1] or date.max, item[0])):
        agreement = answer.cooperations[key]
        note = say("ends", day=day_in_words(term, speaks)) if term else say("ends_unknown")
        partners = [item for item in signatories(agreement) if item in answer.network.partners]
        named = [el("div", opener(name_in(answer, partner), partner)) for partner in partners]
        title = el("strong", opener(agreement.title or key, link_to(key)))
        items.append(el("li", title, *named, el("span", note, class_="note")))
    listed([el("ul", *items, class_="hits")], "lapsing")


def _simulate(cooperations: tuple[str, ...]) -> None:
    session.change(
        part="simulation", removed=frozenset(), ended=frozenset(map(agreement_key, cooperations))
    )
