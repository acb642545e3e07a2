"""Widths of texts: those of the font's own tables, as a renderer measures them."""

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from explorer.figures.drawing import POINT
from explorer.figures.lettering import (
    LOST,
    balanced,
    clean,
    cut,
    font_file,
    width_of,
    wrap,
)


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_that_matplotlib_draws(bold):
    said = "Hôpital privé Jean-Inventé, œuvre « Ÿ » 1 234"
    path = TextPath((0, 0), said, size=10, prop=FontProperties(fname=font_file(bold)))
    drawn = (path.vertices[:, 0].max() - path.vertices[:, 0].min()) * POINT
    own = width_of(said, 10, bold=bold)
    # the box begins before the first letter, and kerning takes a little off
    assert drawn <= own + 0.1
    assert own <= drawn * 1.04


def test_signs_that_would_break_a_line_or_turn_it_are_taken_out():
    assert clean("a\tb\nc\u2028d") == "a b c d"
    assert clean("a\u202eb\x07c\x00") == "abc"
    assert clean("  Cafe\u0301  ") == "Café"
    assert clean("中") == LOST
    assert clean("« A »") == "« A »"


def test_lines_are_no_wider_than_asked_and_lose_nothing():
    said = "Groupement de coopération sociale et médico-sociale EHPAD du Val-de-Marne"
    lines = wrap(said, 8, 30)
    assert " ".join(lines) == said
    assert all(width_of(line, 8) <= 30 for line in lines)
    short = wrap(said, 8, 30, most=2)
    assert len(short) == 2
    assert short[1].endswith("…")
    assert all(width_of(line, 8) <= 30 for line in short)


def test_a_no_break_space_does_not_break():
    assert wrap("Liens (12)", 8, 8) == ("Liens", "(12)")
    assert len(wrap("Liens\N{NO-BREAK SPACE}(12)", 8, 14)) == 1


def test_a_word_wider_than_the_line_is_cut():
    assert wrap("Anticonstitutionnellement", 8, 12)[0].endswith("…")
    assert width_of(cut("Anticonstitutionnellement", 8, 12), 8) <= 12
    assert cut("ab", 8, 50) == "ab"


def test_balanced_lines_are_of_like_width():
    lines = balanced("GHT Hôpitaux Confluence : 28 partenaires directs", 12, 2)
    one, other = (width_of(line, 12) for line in lines)
    assert 0.6 < one / other < 1.7
    assert balanced("Clinique", 12, 2) is None
