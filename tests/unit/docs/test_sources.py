"""The page on sources says of when the files of each loader are, and what it was tried on."""

from loaders.registry import REGISTRY
from tests.support.pages import page, rows_of

ROWS = {row[0].strip("`"): row[1:] for row in rows_of(page("docs/sources.md"), "Loader")}


def test_every_loader_has_its_row():
    assert list(ROWS) == [spec.id for spec in REGISTRY]


def test_vintage_and_files_tried_are_said():
    assert all(vintage and tried for vintage, tried in ROWS.values())
