"""What a number means, a click away from it: from the registry of measures."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.ui.opening import opened, page_link
from explorer.ui.plain import plain
from explorer.ui.session import language
from graph.analysis import metric
from graph.messages import text


def say(key: str, /, **params: object) -> str:
    """Return the message ``page.analyse.<key>`` in the reader's language."""
    return text(f"page.analyse.{key}", language(), **params)


def explain(key: str, reading: str | None = None, *, place: str = "", named: bool = True) -> None:
    """Draw the button that opens the explanation of the measure `key`.

    Parameters
    ----------
    key : str
        Id of a measure.
    reading : str, optional
        How to read the value at hand.
    place : str
        Tells two buttons of one measure apart.
    named : bool
        Write the measure's name on the button; else only that it explains.
    """
    speaks = language()
    item = metric(key)
    label = item.name(speaks) if named else say("explain")
    with st.popover(label, icon=":material/help:", type="tertiary", key=f"explain_{key}{place}"):
        st.markdown(f"**{plain(item.name(speaks))}**")
        if reading:
            st.write(plain(reading))
        st.write(plain(say("unit", unit=item.unit_name(speaks))))
        st.write(plain(say("formula")))
        st.text(item.formula)
        st.write(plain(say("source", source=item.source)))
        _listed(say("fixed"), item.parameter_texts(speaks))
        _listed(say("caveats"), item.caveat_texts(speaks))
        st.button(
            text("methods.open", speaks),
            key=f"method_{key}{place}",
            type="tertiary",
            icon=":material/menu_book:",
            on_click=opened,
            args=(page_link("methods", mesure=key),),
        )


def _listed(title: str, texts: Sequence[str]) -> None:
    if texts:
        lines = "\n".join(f"- {plain(line)}" for line in texts)
        st.markdown(f"{plain(title)}\n{lines}")


def figure(key: str, value: str, reading: str) -> None:
    """Draw a number under the name of its measure, with its explanation a click away."""
    with st.container(border=True, height="stretch", key=f"figure_{key}"):
        st.metric(metric(key).name(language()), value)
        explain(key, reading, named=False)
