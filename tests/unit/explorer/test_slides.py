"""Slides read back: every part a shape of its own, every tie glued, the same bytes each time."""

import io
import random
import re
import time
import zipfile
from datetime import date
from pathlib import Path, PurePosixPath

import pptx
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from lxml import etree
from pptx.util import Emu

from explorer.figures.drawing import Area, Box, Drawing, Group, Line, Picture, Rect, Symbol, Words
from explorer.palette import SYMBOLS
from explorer.slides.deck import deck
from explorer.slides.template import LAYOUT
from explorer.slides.units import cut_lines, cut_rings
from graph.errors import InputError

DAY = date(2026, 11, 22)
HOSTILE = "<script>alert('x')</script> & \"q\" \N{ARABIC LETTER ALEF}"
NS = {
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


def node(key, x, y, symbol="dot", radius=2.0, **more):
    look = {"fill": "#0B548F", "stroke": "#0B548F", "name": f"Structure {key}"} | more
    return Symbol(x=x, y=y, radius=radius, symbol=symbol, key=key, **look)


def tie(one, other, **more):
    ends = (one.key, other.key)
    points = ((one.x, one.y), (other.x, other.y))
    return Line(points=points, colour="#0B548F", name=f"{ends}", ends=ends, **more)


def words(text, x=20.0, y=20.0, name="label:x", **more):
    return Words(x=x, y=y, text=text, size=8.0, colour="#1B1F23", name=name, **more)


def drawing(*groups, **more):
    said = {"title": "Titre", "description": "Ce que l’on voit", "reading": ("Lecture", "Filtre")}
    sides = {"width": 338.667, "height": 190.5, "background": "#FFFFFF", "language": "fr"}
    return Drawing(groups=groups, **{**sides, **said, **more})


def small():
    one, two = node("a", 50, 50), node("b", 150, 90, "square")
    ring = node("a", 50, 50, radius=4.0, fill="#FFFFFF", name="ring:a")
    key = node("", 300, 40, "diamond", name="legend")
    return drawing(
        Group(name="territories", items=(Area(rings=((0, 0, 9, 0, 9, 9, 0, 0),), name="Créteil"),)),
        Group(name="ties", items=(tie(one, two, dash=(4.0, 2.0)),)),
        Group(name="structures", items=(ring, one, two)),
        Group(name="labels", items=(words(HOSTILE), words("suite", y=23.0))),
        Group(
            name="legend",
            items=(
                words("Structures", 296, 30, "heading", bold=True),
                key,
                words("Centre de santé", 304, 41, "entry"),
                words("municipal (3)", 304, 44.5, "entry"),
            ),
        ),
        Group(name="title", items=(words("Vingt-huit", 10, 12, "title"), words("au 22", 10, 18))),
        Group(name="sources", items=(words("Sources : FINESS", 10, 180, "source"),)),
    )


def slide_of(data):
    return pptx.Presentation(io.BytesIO(data)).slides[0]


def every(tree, path):
    return tree.element.findall(f".//{path}", NS)


def check(data):
    """Check what holds of any file: numbers, ends of connectors, relationships."""
    for slide in pptx.Presentation(io.BytesIO(data)).slides:
        ids = [int(item.get("id")) for item in every(slide.shapes, "p:cNvPr")]
        assert len(ids) == len(set(ids))
        glued = [item for end in ("stCxn", "endCxn") for item in every(slide, f"a:{end}")]
        ends = [int(item.get("id")) for item in glued]
        assert set(ends) <= set(ids)
        assert len(ends) == 2 * len(every(slide, "p:cxnSp"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        for name in (item for item in names if item.endswith(".rels")):
            base = PurePosixPath(name).parent.parent
            for rel in etree.fromstring(archive.read(name)):
                if rel.get("TargetMode") != "External":
                    assert resolved(base, rel.get("Target")) in names, (name, rel.get("Target"))


def resolved(base, target):
    if target.startswith("/"):
        return target[1:]
    parts = []
    for part in (base / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def test_every_part_is_a_shape_of_its_own_and_named():
    data = deck([small()], DAY)
    check(data)
    slide = slide_of(data)
    groups = [item.get("name") for item in every(slide, "p:grpSp/p:nvGrpSpPr/p:cNvPr")]
    assert groups[:2] == ["Territoires", "Réseau"]
    names = [item.get("name") for item in every(slide, "p:sp/p:nvSpPr/p:cNvPr")]
    assert {"Créteil", "Anneau", "Structure a", "Structure b"} <= set(names)
    (network,) = [g for g in every(slide, "p:grpSp/p:nvGrpSpPr/p:cNvPr") if g.get("descr")]
    assert network.get("descr") == "Ce que l’on voit"


def test_a_tie_is_glued_to_the_outer_shape_of_each_structure():
    slide = slide_of(deck([small()], DAY))
    (line,) = every(slide, "p:cxnSp")
    by_id = {item.get("id"): item.get("name") for item in every(slide, "p:cNvPr")}
    start, end = line.find(".//a:stCxn", NS), line.find(".//a:endCxn", NS)
    assert (by_id[start.get("id")], by_id[end.get("id")]) == ("Anneau", "Structure b")
    assert line.find(".//a:prstDash", NS).get("val") == "dash"


def test_texts_stand_in_the_placeholders_and_notes_say_the_reading():
    slide = slide_of(deck([small()], DAY))
    assert slide.shapes.title.text_frame.text == "Vingt-huit"
    legend, sources = [part for part in slide.placeholders if part.placeholder_format.idx]
    assert legend.text_frame.text.split("\n") == ["Structures", "◆  Centre de santé municipal (3)"]
    assert sources.text_frame.text == "Sources : FINESS"
    assert slide.notes_slide.notes_text_frame.text == "Lecture\nFiltre"
    assert slide.slide_layout.name == LAYOUT


def test_each_column_of_a_legend_is_a_text_of_its_own_clear_of_the_next():
    first = (words("Structures", 200, 30, "heading", bold=True), words("Hôpital", 204, 36, "entry"))
    second = (
        words("Sans position", 240, 30, "heading", bold=True),
        words("CPAM", 240, 36, "entry"),
    )
    key = (words("1", 280, 30, "number"), words("Nogent", 284, 30, "entry"))
    slide = slide_of(deck([drawing(Group(name="legend", items=(*first, *second, *key)))], DAY))
    found = {shape.name: shape for shape in slide.shapes if shape.has_text_frame}
    legend = next(part for part in slide.placeholders if part.placeholder_format.idx)
    assert legend.text_frame.text.split("\n") == ["Structures", "Hôpital"]
    assert found["Légende 2"].text_frame.text.split("\n") == ["Sans position", "CPAM"]
    assert found["Légende 3"].text_frame.text == "1 Nogent"
    assert legend.left + legend.width <= found["Légende 2"].left
    numbers = [item.get("id") for item in every(slide, "p:cNvPr")]
    assert len(numbers) == len(set(numbers))


def test_hostile_names_are_text_and_lines_of_a_name_are_one_box():
    slide = slide_of(deck([small()], DAY))
    (box,) = [
        s
        for s in every(slide, "p:sp")
        if s.find(".//a:t", NS) is not None and HOSTILE in [t.text for t in s.findall(".//a:t", NS)]
    ]
    assert [t.text for t in box.findall(".//a:t", NS)] == [HOSTILE, "suite"]


def test_two_runs_give_the_same_bytes(monkeypatch):
    first = deck([small()], DAY)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(2_000_000_000))
    assert deck([small()], DAY) == first
    said = pptx.Presentation(io.BytesIO(first)).core_properties
    assert (said.author, said.created.date(), said.language) == ("Maillage", DAY, "fr")


def test_an_end_outside_an_enlarged_part_is_no_connector():
    inside = node("a", 50, 50)
    line = Line(points=((50, 50), (90, 50)), colour="#0B548F", name="t", ends=("a", "away"))
    data = deck([drawing(Group(name="inset", items=(line, inside)))], DAY)
    check(data)
    assert every(slide_of(data), "p:cxnSp") == []


def test_a_logo_has_its_text_alternative():
    logo = b64_png()
    items = (Picture(box=Box(300, 5, 20, 10), data=logo, alt="Logo du GHT", name="logo"),)
    data = deck([drawing(Group(name="title", items=items))], DAY)
    check(data)
    (picture,) = every(slide_of(data), "p:pic/p:nvPicPr/p:cNvPr")
    assert picture.get("descr") == "Logo du GHT"


def b64_png():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 2), "#0B548F").save(out, "PNG")
    return out.getvalue()


def template(path: Path, *, layouts: int = 11) -> Path:
    made = pptx.Presentation()
    made.slide_width, made.slide_height = Emu(9_144_000), Emu(6_858_000)
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Exemple"
    for layout in list(made.slide_layouts)[layouts:]:
        made.slide_layouts.remove(layout)
    made.save(path)
    return path


def test_a_template_gives_its_layout_and_none_of_its_slides(tmp_path):
    data = deck([small(), small()], DAY, template(tmp_path / "modele.pptx"))
    check(data)
    read = pptx.Presentation(io.BytesIO(data))
    assert len(read.slides) == 2
    assert read.slide_height == 6_858_000
    slide = read.slides[0]
    assert slide.slide_layout.name == "Two Content"
    assert slide.shapes.title.text_frame.text == "Vingt-huit"
    rights = [shape.left + shape.width for shape in slide.shapes]
    assert max(rights) <= read.slide_width


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: template(path, layouts=1), "Title Slide"),
        (lambda path: path.write_bytes(b"no presentation") and path, "pptx"),
        (lambda path: path.write_bytes(b"") or path, "pptx"),
        (lambda path: path.parent / "absent.pptx", "absent"),
    ],
)
def test_a_template_that_cannot_serve_is_refused(tmp_path, make, said):
    with pytest.raises(InputError, match=said):
        deck([small()], DAY, make(tmp_path / "modele.pptx"))


def test_a_large_network_is_made_with_every_tie_glued():
    rng = random.Random(7)  # noqa: S311 - places, no secret
    communes = tuple(
        Area(rings=(tuple(rng.uniform(0, 190) for _ in range(60)),), name=f"c{i}", fill="#ECEAE2")
        for i in range(1286)
    )
    nodes = [
        node(str(i), rng.uniform(5, 230), rng.uniform(20, 180), rng.choice(sorted(SYMBOLS)))
        for i in range(1000)
    ]
    pairs = [rng.sample(range(1000), 2) for _ in range(3000)]
    ties = tuple(tie(nodes[one], nodes[other]) for one, other in pairs)
    data = deck(
        [
            drawing(
                Group(name="territories", items=communes),
                Group(name="ties", items=ties),
                Group(name="structures", items=tuple(nodes)),
            )
        ],
        DAY,
    )
    check(data)
    assert len(every(slide_of(data), "p:cxnSp")) == 3000
    assert len(re.findall(b"custGeom", b"".join(parts(data)))) == 2 * 1286


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from (archive.read(n) for n in archive.namelist() if n.startswith("ppt/slides/slide"))


hundredths = st.integers(-5000, 15000).map(lambda value: value / 100)
places = st.tuples(hundredths, hundredths)


@for_all(st.lists(places, min_size=2, max_size=6))
def test_nothing_is_drawn_outside_its_window(points):
    clip = Box(0, 0, 100, 100)
    for part in cut_lines(tuple(points), clip):
        assert all(-1e-9 <= x <= 100 + 1e-9 and -1e-9 <= y <= 100 + 1e-9 for x, y in part)
    ring = tuple(value for place in (*points, points[0]) for value in place)
    for part in cut_rings((ring,), clip):
        assert all(-1e-9 <= x <= 100 + 1e-9 and -1e-9 <= y <= 100 + 1e-9 for x, y in part)


def test_a_plate_may_be_round_and_an_area_hatched():
    plate = Rect(box=Box(10, 10, 20, 5), fill="#FFFFFF", opacity=0.8, radius=1.0, name="plate")
    area = Area(rings=((0, 0, 9, 0, 9, 9, 0, 0),), fill="#FFFFFF", hatch="lines", name="inconnu")
    data = deck([drawing(Group(name="matrix", items=(plate, area)))], DAY)
    check(data)
    xml = b"".join(parts(data))
    assert b'prst="roundRect"' in xml
    assert b'<a:pattFill prst="ltUpDiag">' in xml
