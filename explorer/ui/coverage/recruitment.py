"""Our patients in place of people: a table of stays by commune, read here and kept nowhere."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from explorer.ui import session
from explorer.ui.coverage.say import say
from explorer.ui.guard import guarded
from explorer.ui.plain import plain
from loaders.recruitment import Recruitment, read_recruitment

MOST_SAID = 8
_KEPT = "maillage_cover_recruitment"


def stays() -> dict[str, float]:
    """Draw the choice of a file; return its stays by commune, empty where there is none."""
    found = Recruitment({}, [])
    with st.expander(say("recruitment")):
        st.caption(say("recruitment_hint"))
        given = st.file_uploader(say("recruitment_file"), key="w_cover_recruitment")
        if given is None:
            st.session_state.pop(_KEPT, None)
            return {}
        with guarded():
            found = _read(given.file_id, given.name, given.getvalue())
            st.caption(say("recruitment_read", n=len(found.stays), refused=len(found.refused)))
            for item in found.refused[:MOST_SAID]:
                st.caption(plain(f"{item.row} : {item.reason(session.language())}"))
    return found.stays


def _read(token: str, name: str, content: bytes) -> Recruitment:
    """Return what a file holds, read once; its bytes are on disk only meanwhile."""
    kept = st.session_state.get(_KEPT)
    if kept is not None and kept[0] == token:
        found: Recruitment = kept[1]
        return found
    with tempfile.TemporaryDirectory(prefix="maillage-") as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        found = read_recruitment(path)
    st.session_state[_KEPT] = (token, found)
    return found
