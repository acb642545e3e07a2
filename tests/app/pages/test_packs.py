"""Packs of the bundled ecosystem: their pages, the same bytes each time, progress and cancel."""

import io
from datetime import date

import pptx
import pytest
from pypdf import PdfReader

from explorer.selection import Selection
from explorer.services.figures import FigureQuestion
from explorer.services.packs import PackSpec, draw_pack, render_pack
from explorer.settings import read_settings
from graph.analysis.watch import Stopped, Watch
from graph.errors import InputError, UsageError
from graph.store.open import open_store
from tests.app.pages.conftest import url_of

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def asked(bundled):
    store = open_store(url_of(bundled))
    fixed = read_settings()
    focus = Selection(focus=fixed.focus, on=DAY)
    yield store, FigureQuestion(selection=focus, behind=fixed.territories)
    store.close()


def test_the_committee_gets_a_map_three_figures_what_moved_and_two_gaps(asked):
    spec = PackSpec(since=date(2020, 12, 31), mark="confidentiel")
    drawings = draw_pack(*asked, spec)
    essentials = " ".join(drawings[1].words())
    assert "Trois chiffres" in essentials
    assert "Nouvelles depuis le 31 décembre 2020" in essentials
    assert "Convention de partenariat – Clinique Boyer" in essentials
    assert essentials.count("583") + essentials.count("517") == 2  # people of the two gaps
    assert drawings[0].title.startswith("GHT Hôpitaux Confluence")
    assert all("Confidentiel" in drawing.words() for drawing in drawings)


def test_an_atlas_has_cover_contents_a_page_each_and_its_method(asked):
    data = render_pack(*asked, PackSpec(pack="atlas"))
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]
    assert len(texts) == 2 + 1 + 6 + 1
    assert "atlas des arrondissements" in texts[0]
    for number, name in enumerate(("Créteil", "Étampes", "Évry"), 4):
        assert f"{number}. {name}" in texts[1]
        assert f"{name} · Arrondissement" in texts[number - 1]
    assert "Méthode et sources" in texts[-1]
    assert data == render_pack(*asked, PackSpec(pack="atlas"))


def test_an_atlas_of_partners_is_a_presentation_in_english_too(asked):
    spec = PackSpec(pack="atlas", per="partner", format="pptx", language="en")
    slides = pptx.Presentation(io.BytesIO(render_pack(*asked, spec))).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[1] == "Contents"
    assert "Clinique Boyer" in titles
    assert titles[-1] == "Method and sources"
    assert len(titles) == 2 + 1 + 30 + 1


def test_progress_is_said_and_a_stop_is_heard(asked):
    heard = []
    draw_pack(*asked, PackSpec(), Watch(progress=lambda *step: heard.append(step)))
    assert [done for _, done, _ in heard] == [0, 1, 2, 3]
    with pytest.raises(Stopped):
        draw_pack(*asked, PackSpec(), Watch(stop=lambda: True))


def test_what_cannot_be_made_is_explained(asked):
    store, question = asked
    with pytest.raises(UsageError, match="comite, atlas"):
        draw_pack(store, question, PackSpec(pack="livre"))
    with pytest.raises(UsageError, match="2026-11-22"):
        draw_pack(store, question, PackSpec(since=DAY))
    with pytest.raises(InputError):
        draw_pack(store, question, PackSpec(pack="atlas", per="cpts"))
