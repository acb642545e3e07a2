"""Streamlit script that shows the canvas with a synthetic view; the browser tests drive it."""

import streamlit as st
from synthetic_view import PARTNER_KINDS, synthetic_view  # Streamlit runs beside this script

from explorer.canvas.component import Pick, canvas

st.set_page_config(page_title="Canvas (synthetic)", layout="wide")
query = st.query_params


def remember(pick: Pick) -> None:
    st.session_state["picked"] = pick


kinds = st.multiselect("Kinds", PARTNER_KINDS, key="kinds")
if st.button("Choose CH du Sud"):
    st.session_state["picked"] = Pick("node", "940000002")
view = synthetic_view(
    partners=int(query.get("partners", 22)),
    supply=int(query.get("supply", 60)),
    ties=int(query["ties"]) if "ties" in query else None,
    hostile="hostile" in query,
    groups="groups" in query,
    communes=int(query.get("communes", 46)),
    empty="empty" in query,
    kinds=(*kinds, "HOPITAL", "EHPAD") if kinds else (),
    language=query.get("lang", "fr"),
)
picked = st.session_state.get("picked")
canvas(
    view,
    key="demo",
    height=int(query.get("height", 620)),
    selected=picked,
    on_pick=remember,
)
st.text(f"picked: {picked.kind}:{picked.id}" if picked else "picked: nothing")
st.button("Run again")
