"""The other day of a comparison: one choice for every page that looks at two."""

from __future__ import annotations

from datetime import date

import streamlit as st

from explorer.services.overview import a_year_before
from explorer.ui import session


def compared_day(label: str, key: str, on: date) -> date:
    """Draw the choice of the day that `on` is compared with, and return it.

    A year before `on` until somebody chooses; the choice is that of the session, in its link.
    """
    value = session.state().compared or max(a_year_before(on), session.FIRST_DAY)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.date_input(
        label,
        key=key,
        format="DD/MM/YYYY",
        min_value=session.FIRST_DAY,
        max_value=session.LAST_DAY,
        on_change=lambda: session.change(compared=st.session_state[key]),
        width=220,
    )
    return value
