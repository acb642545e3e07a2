"""Colours of the panels' own style, in both themes: texts at 4.5, what is drawn at 3."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.explorer.test_palette import contrast, mixed, rgb

CHECKOUT = Path(__file__).resolve().parents[3]
STYLE = (CHECKOUT / "explorer" / "ui" / "panel.css").read_text(encoding="utf-8")
THEMES = tomllib.loads((CHECKOUT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
MIX = re.compile(r"color-mix\(in srgb, (\S+) (\d+)%, (\S+)\)")
GROUNDS = [
    (theme, ground)
    for theme in ("light", "dark")
    for ground in ("backgroundColor", "secondaryBackgroundColor")
]


def named(colour: str, theme: str):
    """Return a colour as the browser reads it: a number, a variable of the theme, or a mixture."""
    values = THEMES[theme]
    variables = {
        "var(--st-text-color)": values["textColor"],
        "var(--st-background-color)": values["backgroundColor"],
        "var(--st-primary-color)": values["primaryColor"],
    }
    if found := MIX.fullmatch(colour):
        first, share, second = found.groups()
        return mixed(named(first, theme), named(second, theme), int(share) / 100)
    short = re.fullmatch(r"#(\w)(\w)(\w)", colour)
    whole = "#" + "".join(2 * part for part in short.groups()) if short else colour
    return rgb(variables.get(whole, whole))


def variable(name: str) -> str:
    (found,) = re.findall(rf"--{name}: ([^;]+);", STYLE)
    return found


@pytest.mark.parametrize(("theme", "ground"), GROUNDS)
@pytest.mark.parametrize("ink", ["quiet", "warn"])
def test_inks_of_texts(ink, theme, ground):
    behind = rgb(THEMES[theme][ground])
    assert contrast(named(variable(ink), theme), behind) >= 4.5
    assert contrast(rgb(THEMES[theme]["primaryColor"]), behind) >= 4.5
    assert contrast(rgb(THEMES[theme]["textColor"]), behind) >= 7


STATES = re.findall(r"\.panel \.state\.(\w+) \{ background: (#\w+); color: (#\w+);", STYLE)


def test_the_states_of_territories_were_found():
    assert len(STATES) >= 6


@pytest.mark.parametrize(("state", "ground", "ink"), STATES)
def test_words_on_the_colour_of_a_state(state, ground, ink):
    assert contrast(named(ink, "light"), named(ground, "light")) >= 4.5, state


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_of_the_timeline(theme):
    drawn = set(re.findall(r"(?:fill|stroke): (color-mix\(in srgb, \S+ \d+%, \S+\))", STYLE))
    assert drawn
    behind = rgb(THEMES[theme]["backgroundColor"])
    for colour in (*drawn, variable("warn")):
        assert contrast(named(colour, theme), behind) >= 3, colour
