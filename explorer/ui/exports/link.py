"""A button that leads to the page *Exports* with what to export already chosen."""

from __future__ import annotations

import msgspec
import streamlit as st

from explorer.ui import session
from explorer.ui.exports.say import say
from explorer.ui.opening import go


def export_button(what: str, *, structure: str | None = None, metric: str | None = None) -> None:
    """Draw the button.

    Parameters
    ----------
    what : str
        An id of :data:`explorer.export_state.WHATS`.
    structure, metric : str, optional
        Of the partner sheet, of the ranking; else what was chosen last.
    """
    st.button(
        say("open"),
        key=f"export_{what}",
        type="tertiary",
        icon=":material/ios_share:",
        help=say("open_help"),
        on_click=_open,
        args=(what, structure, metric),
    )


def _open(what: str, structure: str | None, metric: str | None) -> None:
    chosen = session.state().export
    session.change(
        export=msgspec.structs.replace(
            chosen,
            what=what,
            structure=structure or chosen.structure,
            metric=metric or chosen.metric,
        )
    )
    go("exports")
