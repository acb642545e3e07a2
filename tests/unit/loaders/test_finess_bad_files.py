"""Files that are not what they should be: one clear message in both languages, nothing kept."""

import gzip
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.errors import MaillageError
from graph.messages import LANGUAGES
from graph.store.port import Progress
from loaders import finess, tabular
from loaders.base import LoadContext
from tests.support import synthetic_finess
from tests.support.finess_rows import establishment, position, write


def refused(*paths: Path) -> str:
    """Return the code of the error, its message checked in both languages."""
    with pytest.raises(MaillageError) as caught:
        finess.read(paths, LoadContext())
    for language in LANGUAGES:
        message = caught.value.message(language)
        assert message.endswith(".")
        assert "{" not in message
    return caught.value.code


def text(content: str) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode()) and None


def data(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("etalab-cs1100507.csv", establishment())


FEED = json.dumps({"generatedAt": "2026-08-13", "gcc": [], "pmej": [{"ege": [{"a": 1}]}] * 50})

FILES = {
    "empty": (data(b""), "tabular.empty"),
    "blank": (text("\n \n"), "tabular.empty"),
    "pdf": (data(b"%PDF-1.7\n%\xe2\xe3"), "tabular.foreign.pdf"),
    "workbook or archive": (zipped, "tabular.foreign.zip"),
    "old workbook": (data(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "tabular.foreign.ole"),
    "web page": (text("<!DOCTYPE html><html>503</html>"), "tabular.foreign.html"),
    "xml": (text("<?xml version='1.0'?><a/>"), "tabular.foreign.xml"),
    "binary": (data(bytes(range(256)) * 4), "tabular.foreign.binary"),
    "other columns": (text("nom;ville\nA;B\n"), "tabular.columns"),
    "one word": (text("bonjour\n"), "tabular.columns"),
    "comment line alone": (text("finess;etalab;93;2026-05-12\n"), "finess.no_record"),
    "no sound line": (text("structureet;940000001;x\n"), "finess.no_record"),
    "positions alone": (text(position() + "\n"), "finess.no_record"),
    "json cut": (text(FEED[: len(FEED) // 2]), "finess.json_cut"),
    "json cut at once": (text('{"generatedAt": "20'), "finess.json_cut"),
    "json malformed": (text(FEED.replace('"ege"', "ege", 1)), "finess.json_bad"),
    "json in Latin-1": (data('{"generatedAt": "é"'.encode("latin-1")), "finess.json_bad"),
    "other json": (text('{"features": []}'), "finess.not_feed"),
    "lines of json": (text('{"id": 1}\n{"id": 2}\n'), "finess.not_feed"),
    "two feeds joined": (text(FEED + FEED), "finess.json_bad"),
    "json list": (text("[1, 2]"), "finess.not_feed"),
    "activities": (text('{"pmej": [{"activitesAutorisees": []}]}'), "finess.activities"),
    "gz cut": (
        lambda path: path.write_bytes(gzip.compress(FEED.encode())[:-20]) and None,
        "tabular.truncated_gzip",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_each_bad_file_is_named_for_what_it_is(tmp_path: Path, name: str) -> None:
    make, code = FILES[name]
    path = tmp_path / "synthetic.csv"
    make(path)
    assert refused(path) == code


def test_a_feed_cut_in_the_middle_of_its_compression(tmp_path: Path) -> None:
    path = synthetic_finess.write_feed(tmp_path / "synthetic.json.gz", 300, 3)
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(path) == "tabular.truncated_gzip"


def test_a_classic_file_cut_in_the_middle_of_its_compression(tmp_path: Path) -> None:
    plain = synthetic_finess.write_establishments(tmp_path / "synthetic.csv", 3000)
    path = tmp_path / "synthetic.csv.gz"
    path.write_bytes(gzip.compress(plain.read_bytes())[:-200])
    assert refused(path) == "tabular.truncated_gzip"


def test_a_missing_file_a_folder_and_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv") == "tabular.missing"
    assert refused(tmp_path) == "tabular.folder"
    assert refused() == "finess.no_file"


def test_columns_that_look_alike_are_named(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.csv"
    path.write_text("nofinesset;rs;commune;departemnt;categ_etab\n", encoding="utf-8")
    with pytest.raises(MaillageError) as caught:
        finess.read([path], LoadContext())
    for language in LANGUAGES:
        message = caught.value.message(language)
        assert "departement ≈ departemnt" in message
        assert "categetab ≈ categ_etab" in message


def test_columns_of_a_file_whose_first_is_called_finess_are_named(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.csv"
    path.write_text("finess;raison sociale;commune\n940000573;CHI;94028\n", encoding="utf-8")
    with pytest.raises(MaillageError) as caught:
        finess.read([path], LoadContext())
    assert caught.value.params["found"] == "finess, raison sociale, commune"


def test_the_feed_is_loaded_alone(tmp_path: Path) -> None:
    feed = synthetic_finess.write_feed(tmp_path / "synthetic.json", 1, 1)
    other = write(tmp_path / "synthetic.csv", establishment())
    assert refused(other, feed) == "finess.feed_alone"


def test_a_good_file_beside_a_bad_one_is_not_loaded_either(tmp_path: Path) -> None:
    good = write(tmp_path / "a.csv", establishment())
    bad = tmp_path / "b.csv"
    bad.write_bytes(b"%PDF-1.7")
    assert refused(good, bad) == "tabular.foreign.pdf"


def test_blocks_of_a_big_file_join_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = synthetic_finess.write_establishments(tmp_path / "synthetic.csv", 400)
    whole = finess.read([path], LoadContext())
    seen: list[int] = []
    blocks = tabular.read_lines

    def small(path: Path, progress: Progress | None = None) -> Iterator[tabular.TextLines]:
        return blocks(path, block=1500, progress=progress)

    monkeypatch.setattr(tabular, "read_lines", small)
    context = LoadContext(progress=lambda _stage, done, _total: seen.append(done))
    pieces = finess.read([path], context)
    assert pieces.claims == whole.claims
    assert len(seen) > 50
    assert seen[-1] == path.stat().st_size
