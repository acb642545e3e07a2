"""Colours and symbols: contrast computed, never colour alone, told apart by everybody."""

import itertools
import math

import pytest

from explorer import palette
from graph.vocabulary import KINDS

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def rgb(colour):
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def linear(colour):
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)


def luminance(colour):
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(a, b, share):
    return tuple(x * share + y * (1 - share) for x, y in zip(a, b, strict=True))


def drawn(colour, theme):
    return mixed((1, 1, 1), rgb(colour), palette.LIFT[theme])


COLOURS = sorted({mark.colour for _, mark in palette.KIND_MARKS})
GROUNDS = [(theme, ground) for theme in palette.PAPERS for ground in ("paper", "land")]


def test_contrast_is_computed_as_wcag_does():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(rgb("#767676"), (1, 1, 1)) == pytest.approx(4.54, abs=0.01)


def test_every_kind_has_its_own_mark():
    assert [kind for kind, _ in palette.KIND_MARKS if kind not in KINDS] == []
    assert {kind for kind, _ in palette.KIND_MARKS} == set(KINDS)
    marks = [mark for _, mark in palette.KIND_MARKS]
    assert len(set(marks)) == len(marks)


def test_unknown_kinds_are_drawn_as_other():
    assert palette.mark(None) == palette.mark("no such kind") == palette.mark("AUTRE")


@pytest.mark.parametrize(("theme", "ground"), GROUNDS)
@pytest.mark.parametrize("colour", COLOURS)
def test_marks_and_ties_have_contrast(colour, theme, ground):
    behind = rgb(palette.PAPERS[theme][ground])
    mark = drawn(colour, theme)
    assert contrast(mark, behind) >= 3
    assert contrast(mixed(mark, behind, palette.TIE_OPACITY), behind) >= 3


@pytest.mark.parametrize(("theme", "ground"), GROUNDS)
@pytest.mark.parametrize("ink", ["ink", "muted", "place"])
def test_texts_have_contrast(ink, theme, ground):
    paper = palette.PAPERS[theme]
    assert contrast(rgb(paper[ink]), rgb(paper[ground])) >= 4.5


def lab(light):
    """CIE L*a*b* (D65) of linear RGB."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = (sum(f * max(0, c) for f, c in zip(row, light, strict=True)) for row in rows)
    whites = (0.9505, 1, 1.089)
    parts = [v / white for v, white in zip(xyz, whites, strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in parts)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))


def test_lab_is_that_of_the_books():
    assert lab(linear(rgb("#FF0000"))) == pytest.approx((53.2, 80.1, 67.2), abs=0.2)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_marks_are_told_apart_without_colour_vision(deficiency):
    def seen(mark):
        light = linear(rgb(mark.colour))
        rows = DEFICIENCIES[deficiency]
        return lab([sum(f * c for f, c in zip(row, light, strict=True)) for row in rows])

    for (_, a), (_, b) in itertools.combinations(palette.KIND_MARKS, 2):
        # Where two hues come close to this eye (difference under 11), the symbols differ.
        assert a.symbol != b.symbol or math.dist(seen(a), seen(b)) >= 11, (a, b)


def test_symbols_weigh_the_same():
    for name, points in palette.SYMBOLS.items():
        if not points:
            continue
        pairs = zip(points, (*points[1:], points[0]), strict=True)
        area = abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2
        assert 0.7 * math.pi < area < 1.15 * math.pi, name


def test_the_focus_is_the_largest():
    sizes = [radius for _, radius in palette.ROLE_SIZES]
    assert sizes == sorted(sizes, reverse=True)
    assert palette.size("focus") == sizes[0]
