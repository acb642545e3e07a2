"""A portrait fits one A4 page, however much there is to say."""

import io

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from explorer.services.portrait import Portrait, PortraitLine, PortraitPeople
from explorer.services.portrait_page import portrait_html
from explorer.services.portrait_parts import PortraitActivity

LONG = "Convention de partenariat entre un très grand nombre d’établissements du territoire " * 3


def full(lines: int) -> Portrait:
    """Return a portrait of which every list has `lines` long lines."""
    said = tuple(f"{number} {LONG}" for number in range(lines))
    kind = PortraitLine(
        kind="Résidence autonomie ou services pour personnes âgées",
        state="lien sans convention",
        supply="au moins 123 structures (registre incomplet ou non chargé) (attesté : 12)",
        density="1 234,5",
        reference="1 234,5",
        rate="100 %",
        reference_rate="100 %",
    )
    activity = PortraitActivity(
        name="Résidence · hébergement temporaire",
        supply="123 structures, 12 345 lits ou places",
        density="1 234,5",
        reference="1 234,5",
    )
    people = PortraitPeople(count="583 876 habitants de 65 ans et plus", share="15,8 %")
    return Portrait(
        title="Grand territoire · Ensemble de communes grand-territoire",
        date="26 novembre 2026",
        reference="Val-de-Marne · Département 94",
        people=(people,) * 3,
        figures=said,
        lines=(kind,) * 19,
        activities=(activity,) * 10,
        covered_by=said,
        agreements=said,
        by_filiere=said,
        by_site=said,
        lapsing=said,
        gaps=said,
        notes=said,
        sources=said,
    )


@pytest.mark.parametrize("lines", [0, 30])
def test_it_prints_on_one_page(browser: Browser, lines: int) -> None:
    page = browser.new_page()
    page.set_content(portrait_html(full(lines), "fr", ("Fichier lu.",)).decode("utf-8"))
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert len(read.pages) == 1
    width, height = (float(each) for each in read.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    printed = read.pages[0].extract_text()
    assert "Grand territoire" in printed
    if lines:
        assert "27 autres" in printed  # of 30 gaps, 3 are shown
        assert "1 autre" in printed  # of 19 kinds, 18
