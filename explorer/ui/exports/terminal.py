"""The command that writes the same file, for whoever makes it every month."""

from __future__ import annotations

import streamlit as st

from explorer.exports.registry import format_of
from explorer.services.exporting import Request, useful_name
from explorer.services.ordering import Asked
from explorer.services.ordering_command import command_of
from explorer.ui.exports.say import say


def as_command(wanted: Asked, request: Request) -> None:
    """Draw the command."""
    name = useful_name(request, format_of(wanted.state.chosen_form))
    with st.expander(say("terminal"), icon=":material/terminal:"):
        st.caption(say("terminal_hint"))
        st.code(command_of(wanted, name), language=None, wrap_lines=True)
