"""Themes: contrast computed, kinds and states told apart in grey, sheets of the right size."""

import itertools

import pytest

from explorer.figures.cover import OUTLINE
from explorer.figures.paper import (
    LIGHT,
    PAGES,
    STATE_SIGNS,
    Paper,
    contrast,
    ink_on,
    mark_ink,
    paper_of,
    shade,
    state_shade,
    theme_of,
)
from explorer.palette import KIND_MARKS
from explorer.viewmodel.choropleth import SCALE, STATE_COLOURS

THEMES = [theme_of("light"), theme_of("grey")]
BACKS = ("sheet", "paper", "land")


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("back", BACKS)
def test_texts_read_on_every_ground(theme, back):
    for ink in (theme.ink, theme.muted, theme.place, theme.accent):
        assert contrast(ink, getattr(theme, back)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("back", BACKS)
def test_symbols_and_ties_are_seen_on_every_ground(theme, back):
    ground = getattr(theme, back)
    for kind, mark in KIND_MARKS:
        ink = mark_ink(kind, mark.colour, theme)
        assert max(contrast(ink.stroke, ground), contrast(ink.fill, ground)) >= 3, kind
    assert contrast(theme.tie, ground) >= 3
    assert contrast(OUTLINE, ground) >= 3


def test_in_grey_every_kind_has_its_own_symbol_and_ink():
    grey = theme_of("grey")
    drawn = [(mark.symbol, mark_ink(kind, mark.colour, grey)) for kind, mark in KIND_MARKS]
    assert len(set(drawn)) == len(KIND_MARKS)
    for (one, a), (other, b) in itertools.combinations(drawn, 2):
        filled = not (a.core or b.core) and "#FFFFFF" not in (a.fill, b.fill)
        # two plain inks of one symbol differ clearly in lightness
        assert one != other or not filled or contrast(a.fill, b.fill) >= 3
    colours = {c for _, ink in drawn for c in (ink.fill, ink.stroke)}
    assert all(c[1:3] == c[3:5] == c[5:] for c in colours)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_states_have_each_a_sign_and_what_is_written_on_them_reads(theme):
    assert STATE_SIGNS.keys() == STATE_COLOURS.keys()
    assert len(set(STATE_SIGNS.values())) == len(STATE_SIGNS)
    shades = {state: state_shade(state, theme) for state in STATE_COLOURS}
    assert len({(s.fill, s.hatch) for s in shades.values()}) == len(shades)
    assert all(contrast(s.ink, s.fill) >= 4.5 for s in shades.values())


def test_classes_of_a_number_go_from_light_to_dark_in_grey_too():
    for theme in THEMES:
        fills = [shade(f"c{at}", colour, theme).fill for at, colour in enumerate(SCALE)]
        light = [contrast(fill, "#000000") for fill in fills]
        assert light == sorted(light, reverse=True)
        assert len(set(fills)) == len(SCALE)
        assert all(contrast(ink_on(fill), fill) >= 4.5 for fill in fills)
    assert shade("unknown", "#FFFFFF", LIGHT, hatched=True).hatch == "lines"


@pytest.mark.parametrize("page", [page[0] for page in PAGES])
def test_sheets_turn(page):
    wide, high = paper_of(page, "landscape"), paper_of(page, "portrait")
    assert wide == Paper(high.height, high.width, high.scale)
    assert wide.landscape
    assert not high.landscape
    # the smallest letters can be read
    assert wide.size("place") >= 6
