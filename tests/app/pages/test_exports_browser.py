"""Page « Exports » in a real browser: the preview is seen, the files arrive whole."""

import io
import re

import pptx
import pytest
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import expect

from explorer.cli import main
from tests.app.pages.conftest import url_of

pytestmark = pytest.mark.browser

VIEW = "date=2026-11-22"


def downloaded(page) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger").click()
    found = waiting.value
    return found.suggested_filename, found.path().read_bytes()


def test_preview_and_files_arrive_and_are_those_of_the_command_line(visit, tmp_path):
    page = visit.open(f"couverture?{VIEW}")
    page.get_by_role("button", name="Exporter").first.click()
    expect(page).to_have_url(re.compile(r"/exports\?.*export=couverture"))
    picture = page.locator(".st-key-export_preview img")
    expect(picture).to_have_attribute("alt", re.compile("territoires"))
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 1000

    page = visit.open(f"exports?{VIEW}&points=100")
    expect(page.locator(".st-key-export_offer")).to_contain_text("reseau_confluence_2026-11-22.png")
    name, image = downloaded(page)
    assert name == "reseau_confluence_2026-11-22.png"
    assert Image.open(io.BytesIO(image)).size == (1333, 750)

    page = visit.open(f"exports?{VIEW}&format=pptx")
    expect(page.locator(".st-key-export_offer")).to_contain_text(".pptx")
    name, slides = downloaded(page)
    assert len(pptx.Presentation(io.BytesIO(slides)).slides) == 1

    words = ["--store", url_of(visit.site.store), "export", str(tmp_path), "--dpi", "100"]
    words += ["--as-of", "2026-11-22", "--format", "png", "--format", "pptx"]
    assert CliRunner().invoke(main, words).exit_code == 0
    assert (tmp_path / "reseau_confluence_2026-11-22.png").read_bytes() == image
    assert (tmp_path / name).read_bytes() == slides
    assert visit.outside() == []
    assert visit.troubles == []
