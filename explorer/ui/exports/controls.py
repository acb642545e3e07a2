"""What the page *Exports* asks: what to export, in which format, and how it looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import streamlit as st

from explorer.export_state import (
    ATLAS,
    COVERED,
    DATA,
    DPIS,
    FIGURES,
    FORMS,
    NO_LEVEL,
    NO_MARK,
    PACKS,
    PAGE,
    SHEETS,
    ExportState,
)
from explorer.exports.options import COVERAGE, SEPARATORS, TABLES
from explorer.exports.registry import format_of
from explorer.figures.paper import ORIENTATIONS, THEMES
from explorer.services.figures import MARKS
from explorer.services.overview import a_year_before
from explorer.ui import session
from explorer.ui.exports.say import say
from graph.messages import text
from graph.vocabulary import LEVELS

FAMILIES: dict[str, tuple[str, ...]] = {
    "figure": FIGURES,
    "pack": PACKS,
    "page": (PAGE,),
    "data": (DATA,),
}
_FAMILY = "w_export_family"
_SINCE = "w_export_since"


def chosen() -> ExportState:
    """Return what the page was asked."""
    return session.state().export


def change(**changes: Any) -> None:  # noqa: ANN401 - fields of ExportState
    """Change what the page was asked."""
    session.change(export=msgspec.structs.replace(chosen(), **changes))


def settle(**changes: Any) -> None:  # noqa: ANN401 - fields of ExportState
    """Put into the state what a widget shows though nobody chose it."""
    if any(getattr(chosen(), name) != value for name, value in changes.items()):
        change(**changes)


def show(key: str, value: object) -> None:
    """Give a widget the value of the state before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def family() -> None:
    """Ask whether a figure, a pack, a page or data is wanted."""
    show(_FAMILY, _family())
    st.segmented_control(
        say("what"),
        list(FAMILIES),
        key=_FAMILY,
        required=True,
        format_func=lambda name: say(f"family.{name}"),
        on_change=lambda: change(what=FAMILIES[st.session_state[_FAMILY]][0]),
    )


def _family() -> str:
    return next(name for name, members in FAMILIES.items() if chosen().what in members)


def what() -> None:
    """Ask which figure or pack."""
    name = _family()
    if len(FAMILIES[name]) > 1:
        pick("what", FAMILIES[name], say(f"which_{name}"), lambda one: _word(f"{name}.name", one))


def form() -> str:
    """Ask for the format, and return it."""
    state = chosen()
    allowed = FORMS[state.what]
    if len(allowed) > 1:
        speaks = session.language()
        pick("form", allowed, say("form"), lambda name: format_of(name).title(speaks))
    st.caption(format_of(state.chosen_form).holds(session.language()))
    return state.chosen_form


def look(form_chosen: str) -> None:
    """Ask for sheet, theme, mark; resolution of a PNG."""
    left, right = st.columns(2)
    with left:
        pick("sheet", SHEETS, say("sheet"), lambda name: name.replace("-", ":"))
        pick("theme", THEMES, say("theme"), lambda name: say(f"themes.{name}"))
    with right:
        pick("orientation", ORIENTATIONS, say("orientation"), lambda name: say(f"sides.{name}"))
        pick("mark", (NO_MARK, *MARKS), say("mark"), _mark)
    if form_chosen == "png":
        pick("dpi", DPIS, say("dpi"), lambda value: say("dots", n=value))


def pack(day: Any) -> None:  # noqa: ANN401 - a date
    """Ask since when, or a page for each of what."""
    if chosen().what == "atlas":
        pick("per", ATLAS, say("per"), lambda name: _word("exports.pers", name))
        return
    show(_SINCE, chosen().since or a_year_before(day))
    st.date_input(
        say("since"),
        key=_SINCE,
        format="DD/MM/YYYY",
        min_value=session.FIRST_DAY,
        max_value=session.LAST_DAY,
        on_change=lambda: change(since=st.session_state[_SINCE]),
    )


def data(form_chosen: str) -> None:
    """Ask for the table of a CSV, and whether coverage is a table more."""
    levels = (NO_LEVEL, *LEVELS)
    if form_chosen in COVERED:
        pick("coverage", levels, say("coverage"), _level, help_words=say("coverage_help"))
    if form_chosen == "csv":
        more = () if chosen().coverage == NO_LEVEL else (COVERAGE,)
        pick("table", (*TABLES, *more), say("table"), lambda name: _word("export.sheet", name))
        pick("separator", SEPARATORS, say("separator"), lambda name: say(f"separators.{ord(name)}"))


def pick(
    field: str,
    values: Sequence[Any],
    label: str,
    words: Callable[[Any], str],
    help_words: str | None = None,
) -> Any:  # noqa: ANN401 - one of the values
    """Draw the choice of a field of the state, and return what is chosen."""
    key, held = f"w_export_{field}", getattr(chosen(), field)
    shown = held if held in values else values[0]
    show(key, shown)
    st.selectbox(
        label,
        values,
        key=key,
        format_func=words,
        help=help_words,
        on_change=lambda: change(**{field: st.session_state[key]}),
    )
    return shown


def _mark(name: str) -> str:
    return say("no_mark") if name == NO_MARK else _word("figure.mark", name)


def _level(name: str) -> str:
    return say("no_level") if name == NO_LEVEL else _word("level", name)


def _word(area: str, name: str) -> str:
    return text(f"{area}.{name}", session.language())
