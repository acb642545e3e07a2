"""Streamlit script that the explorer benchmark serves: one synthetic network, ours or plain pyvis.

streamlit run benchmarks/explorer_app.py        then ?partners=…&supply=…&ties=…[&plain=1]
"""

import sys
from pathlib import Path

import msgspec
import networkx as nx
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from explorer.canvas.component import Handling, Pick, canvas
from explorer.canvas_state import Board, CanvasState, with_board
from explorer.viewmodel.model import ViewModel
from graph.analysis.layout import unfold
from tests.app.canvas.synthetic_view import synthetic_view

WATCH = """
<script>
const tell = (what) => () => console.log("pyvis", what, performance.timeOrigin + performance.now());
network.once("afterDrawing", tell("first"));
network.once("stabilized", tell("still"));
</script>
"""


@st.cache_resource(show_spinner=False)
def made(partners: int, supply: int, ties: int) -> ViewModel:
    """Return the synthetic network, unfolded as the application does it."""
    view = synthetic_view(partners=partners, supply=supply, ties=ties, communes=300)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(node.id for node in view.nodes)
    graph.add_edges_from((tie.source, tie.target) for tie in view.ties)
    at = unfold(graph)
    nodes = tuple(msgspec.structs.replace(node, unfolded=at[node.id]) for node in view.nodes)
    return msgspec.structs.replace(view, nodes=nodes)


@st.cache_resource(show_spinner=False)
def narrowed(partners: int, supply: int, ties: int) -> ViewModel:
    """Return the same without its clinics."""
    view = made(partners, supply, ties)
    nodes = tuple(node for node in view.nodes if node.kind != "CLINIQUE")
    kept = {node.id for node in nodes}
    inside = tuple(tie for tie in view.ties if {tie.source, tie.target} <= kept)
    return msgspec.structs.replace(view, nodes=nodes, ties=inside)


@st.cache_resource(show_spinner=False)
def plain(partners: int, supply: int, ties: int) -> str:
    """Return what pyvis writes by default, without its tags to other hosts."""
    import re

    from pyvis.network import Network

    view = made(partners, supply, ties)
    net = Network(height="620px", width="100%", cdn_resources="in_line", directed=True)
    for node in view.nodes:
        net.add_node(node.id, label=node.short_label, color=node.colour)
    for tie in view.ties:
        net.add_edge(tie.source, tie.target, arrows="")
    html = re.sub(r"<(?:link|script)[^>]*https?://[^>]*>(?:</script>)?", "", net.generate_html())
    return html.replace("</body>", f"{WATCH}</body>")


def remember(pick: Pick) -> None:
    """Keep what was picked."""
    st.session_state["picked"] = pick


def arranged(board: Board) -> None:
    """Keep what was done on the canvas."""
    state = st.session_state.get("canvas_state", CanvasState())
    st.session_state["canvas_state"] = with_board(state, board)
    st.session_state["turn"] = board.turn


st.set_page_config(page_title="Benchmark", layout="wide")
query = st.query_params
size = tuple(int(query.get(name, 100)) for name in ("partners", "supply", "ties"))
if "plain" in query:
    st.iframe(plain(*size), height=640)
else:
    filtered = st.checkbox("Filter")
    state = st.session_state.get("canvas_state", CanvasState())
    canvas(
        narrowed(*size) if filtered else made(*size),
        key="demo",
        height=620,
        selected=st.session_state.get("picked"),
        on_pick=remember,
        handling=Handling(state, st.session_state.get("turn", 0), arranged),
    )
