"""Slides and figures opened by other programs: LibreOffice Impress and poppler, never by ours."""

from datetime import date

import pytest
from pypdf import PdfReader

from explorer.selection import Selection
from explorer.services.figures import (
    FIGURES,
    FigureQuestion,
    FigureSpec,
    draw_figure,
    render_figure,
)
from explorer.settings import read_settings
from explorer.slides.deck import deck
from graph.store.open import open_store
from tests.app.pages.conftest import url_of
from tests.support import office

pytestmark = pytest.mark.office

DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def asked(bundled):
    store = open_store(url_of(bundled))
    fixed = read_settings()
    question = FigureQuestion(
        selection=Selection(focus=fixed.focus, on=DAY),
        behind=fixed.territories,
        structure="940300502",
    )
    yield store, question
    store.close()


def test_libreoffice_draws_every_slide_with_its_texts(asked, tmp_path):
    drawings = [draw_figure(*asked, FigureSpec(kind=kind.id, mark="travail")) for kind in FIGURES]
    file = tmp_path / "figures.pptx"
    file.write_bytes(deck(drawings, DAY))
    pdf = office.as_pdf(file)
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
    assert len(texts) == len(FIGURES)
    for said, drawing in zip(texts, drawings, strict=True):
        assert "".join(drawing.title.split()) in "".join(said.split())
        assert "Document de travail" in said
    assert "CHIC" in texts[0]
    assert all(office.inked(page) > 0.02 for page in office.pages(pdf))


def test_poppler_draws_a_pdf_with_its_letters(asked, tmp_path):
    file = tmp_path / "figure.pdf"
    file.write_bytes(render_figure(*asked, FigureSpec(format="pdf", page="A4")))
    (page,) = office.pages(file, 60)
    assert office.inked(page) > 0.05
    assert "GHT Hôpitaux Confluence" in PdfReader(file).pages[0].extract_text()
