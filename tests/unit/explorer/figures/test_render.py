"""Files of a figure, read back: text as text, fonts inside, nothing of today, nothing hostile."""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from explorer.figures.drawing import Picture, Words
from explorer.figures.making import Style
from explorer.figures.networks import network_map
from explorer.figures.paper import paper_of, theme_of
from explorer.figures.render import render
from explorer.figures.sheet import Logo
from tests.support.figure_checks import text_faults
from tests.support.figure_views import view_of

SVG = "{http://www.w3.org/2000/svg}"

AGAIN = """
import datetime, hashlib, time
time.time = lambda: 2_000_000_000.0
from tests.unit.explorer.figures.test_render import drawn, render
for form in ("png", "svg", "pdf"):
    print(hashlib.sha256(render(drawn(), form, 60)).hexdigest())
"""


def logo():
    out = io.BytesIO()
    image = Image.new("RGB", (60, 30), "#0B548F")
    image.paste("#FFFFFF", (0, 0, 30, 15))
    image.save(out, "PNG")
    return Logo(out.getvalue(), 60, 30, "logo")


def drawn():
    style = Style(
        paper_of("A4", "landscape"),
        theme_of("light"),
        "fr",
        logo=logo(),
        mark="Confidentiel",
        title="Un titre & <5 km, $x^2$ : l’essentiel",
    )
    return network_map(view_of(12, hostile=True, dense=7), style)


@pytest.fixture(scope="module")
def drawing():
    return drawn()


@pytest.fixture(scope="module")
def files(drawing):
    return {form: render(drawing, form, 60) for form in ("png", "svg", "pdf")}


def test_nothing_of_today_or_of_this_process_is_in_the_bytes(files):
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    env.pop("SOURCE_DATE_EPOCH", None)
    ran = subprocess.run(
        [sys.executable, "-c", AGAIN], capture_output=True, text=True, check=True, env=env
    )
    assert ran.stdout.split() == [
        hashlib.sha256(files[form]).hexdigest() for form in ("png", "svg", "pdf")
    ]


def test_png_has_the_size_of_the_sheet_and_says_what_it_shows(files, drawing):
    with Image.open(io.BytesIO(files["png"])) as image:
        assert image.size == (int(297 / 25.4 * 60), int(210 / 25.4 * 60))
        assert image.text["Title"] == drawing.title
        assert image.text["Description"] == drawing.description
        box = next(item.box for item in drawing.items() if isinstance(item, Picture))
        at = [round(value / 25.4 * 60) for value in (box.left + 2, box.top + 2)]
        low = [round(value / 25.4 * 60) for value in (box.right - 2, box.bottom - 2)]
        # the logo stands upright: white above left, blue below right
        assert image.convert("RGB").getpixel(tuple(at)) == (255, 255, 255)
        assert image.convert("RGB").getpixel(tuple(low)) == (11, 84, 143)


def test_svg_holds_every_text_as_text(files, drawing):
    root = ET.fromstring(files["svg"])  # noqa: S314 - our own file
    texts = ["".join(item.itertext()) for item in root.iter(f"{SVG}text")]
    assert sorted(texts) == sorted(drawing.words())


def test_svg_says_what_it_shows(files, drawing):
    root = ET.fromstring(files["svg"])  # noqa: S314 - our own file
    assert root.get("role") == "img"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    assert [item.text for item in root.iter(f"{SVG}title")] == [drawing.title]
    assert root.find(f"{SVG}desc").text == drawing.description


def test_svg_carries_the_letters_that_it_uses(files, drawing):
    style = ET.fromstring(files["svg"]).find(f"{SVG}style").text  # noqa: S314 - our own file
    faces = dict(re.findall(r"font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)\)", style))
    assert faces.keys() == {"400", "700"}
    for weight, data in faces.items():
        font = TTFont(io.BytesIO(base64.b64decode(data)))
        used = {
            sign
            for item in drawing.items()
            if isinstance(item, Words) and item.bold == (weight == "700")
            for sign in item.text
        }
        assert {ord(sign) for sign in used} <= font.getBestCmap().keys()
        assert len(font.getBestCmap()) < 150


def test_hostile_names_are_text(files):
    root = ET.fromstring(files["svg"])  # noqa: S314 - our own file
    tags = {item.tag.removeprefix(SVG) for item in root.iter()}
    assert not tags & {"script", "foreignObject", "a", "iframe", "animate"}
    links = [v for item in root.iter() for k, v in item.attrib.items() if k.endswith("href")]
    assert all(link.startswith(("#", "data:image/png")) for link in links)
    assert not [key for item in root.iter() for key in item.attrib if key.startswith("on")]
    words = "".join("".join(item.itertext()) for item in root.iter(f"{SVG}text"))
    assert "<script>" in words
    assert "$x^2$" in words


def test_pdf_text_can_be_read_and_fonts_are_inside(files, drawing):
    reader = PdfReader(io.BytesIO(files["pdf"]), strict=True)
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    page = reader.pages[0]
    assert float(page.mediabox.width) == pytest.approx(297 / 25.4 * 72, abs=0.1)
    found = re.sub(r"\s+", "", page.extract_text())
    for words in drawing.words():
        assert re.sub(r"\s+", "", words) in found, words
    assert reader.metadata.title == drawing.title
    assert reader.metadata.subject == drawing.description
    assert "/CreationDate" not in reader.metadata
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in inner["/FontDescriptor"]


def test_no_text_leaves_the_sheet_or_lies_on_another(drawing):
    assert text_faults(drawing) == []
