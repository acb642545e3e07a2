"""The map of one kind as a drawing in the page: areas, names, marks, legend."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.ui.tree import Node, el
from explorer.viewmodel.choropleth import WIDTH, Choropleth, MapArea, MapClass, MapMark
from graph.messages import text

_LETTER, _LINE = 10.5, 24.0
"""Room that a letter and a line of a name take, in units of the drawing."""
_HATCH = "maillage-hatch"
_RADII = {"partner": 9, "supply": 6}
_FULL_HEIGHT = 800.0
"""Height of a drawing that fills the room that the page gives it."""


def map_nodes(drawn: Choropleth, title: str, language: str) -> list[Node]:
    """Return the drawing and its legend; a click on a territory opens its sheet."""
    colours = {item.key: item for item in drawn.classes}
    # a high drawing is shown smaller: what is to be read grows as much
    swollen = max(1.0, drawn.height / _FULL_HEIGHT)
    drawing = el(
        "svg",
        _hatch(),
        *(_area(area, colours[area.key]) for area in drawn.areas),
        *(_mark(mark, swollen) for mark in drawn.marks),
        *(_name(area, swollen) for area in fitting(drawn.areas, swollen)),
        viewBox=f"-4 -4 {WIDTH + 8:g} {drawn.height + 8:g}",
        role="img",
        aria_label=title,
        class_="map",
    )
    caption = el("p", title, class_="muted")
    nodes: list[Node] = [_legend(drawn, language), drawing, caption]
    if drawn.missing:
        lost = ", ".join(drawn.missing)
        said = text("coverage.page.no_outline", language, n=len(drawn.missing), names=lost)
        nodes.append(el("p", said, class_="muted"))
    return nodes


def fitting(areas: Sequence[MapArea], swollen: float = 1.0) -> list[MapArea]:
    """Return the areas whose names can be written without touching, the largest first."""
    kept: list[MapArea] = []
    for area in sorted(areas, key=lambda item: -item.surface):
        if not any(_touch(area, other, swollen) for other in kept):
            kept.append(area)
    return kept


def _touch(one: MapArea, other: MapArea, swollen: float) -> bool:
    apart = (abs(a - b) / swollen for a, b in zip(one.label_at, other.label_at, strict=True))
    across, down = apart
    return across < (len(one.name) + len(other.name)) * _LETTER / 2 and down < _LINE


def _hatch() -> Node:
    lines = el("path", d="M0,0L0,12", stroke="#6B6960", stroke_width="2.4")
    return el(
        "defs",
        el(
            "pattern",
            lines,
            id=_HATCH,
            width="12",
            height="12",
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    )


def _area(area: MapArea, found: MapClass) -> Node:
    paths = [el("path", d=area.path, fill=found.colour, fill_rule="evenodd")]
    if found.hatched:
        paths.append(el("path", d=area.path, fill=f"url(#{_HATCH})", fill_rule="evenodd"))
    outline = el(
        "path", d=area.path, fill="none", stroke="#5D5A50", stroke_width="1.6", class_="outline"
    )
    return el("g", el("title", area.words), *paths, outline, data_open=area.ref)


def _mark(mark: MapMark, swollen: float) -> Node:
    filled = mark.role == "partner"
    circle = el(
        "circle",
        cx=f"{mark.x:g}",
        cy=f"{mark.y:g}",
        r=f"{_RADII[mark.role] * swollen:g}",
        fill="#1B1F23" if filled else "#FFFFFF",
        stroke="#FFFFFF" if filled else "#1B1F23",
        stroke_width=f"{2 * swollen:g}",
    )
    return el("g", el("title", mark.words), circle, data_open=mark.id)


def _name(area: MapArea, swollen: float) -> Node:
    x, y = area.label_at
    place = f"translate({x:g} {y:g}) scale({swollen:.3g})"
    return el("text", area.name, transform=place, text_anchor="middle", class_="place")


def _legend(drawn: Choropleth, language: str) -> Node:
    items = [
        el("li", _swatch(item), item.label, el("span", f" ({item.count})", class_="count"))
        for item in drawn.classes
    ]
    for role in ("partner", "supply"):
        count = sum(mark.role == role for mark in drawn.marks)
        if count:
            said = text(f"coverage.page.mark_{role}", language)
            items.append(el("li", _sample(role), said, el("span", f" ({count})", class_="count")))
    return el("ul", *items, class_="key")


def _swatch(item: MapClass) -> Node:
    hatch = el("path", d="M0,12L12,0M0,6L6,0M6,12L12,6", stroke="#6B6960", stroke_width="1.2")
    return el(
        "svg",
        el("path", d="M0,0H12V12H0Z", fill=item.colour, stroke="#5D5A50", stroke_width="1"),
        hatch if item.hatched else None,
        viewBox="-1 -1 14 14",
        class_="icon swatch",
        aria_hidden="true",
    )


def _sample(role: str) -> Node:
    filled = role == "partner"
    circle = el(
        "circle",
        cx="6",
        cy="6",
        r="5" if filled else "4",
        fill="#1B1F23" if filled else "#FFFFFF",
        stroke="currentColor",
        stroke_width="1.4",
    )
    return el("svg", circle, viewBox="-1 -1 14 14", class_="icon swatch", aria_hidden="true")
