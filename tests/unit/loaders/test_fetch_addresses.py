"""The declaration of addresses, the choice of a file, and the words of every failure."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from explorer.services.fetching import download_rows, fetchable, run_fetch
from graph.messages import LANGUAGES, catalogue
from loaders.downloads import ASSETS, BUNDLED, assets_of, cache_folder, cached_files, others_of
from loaders.downloads.choosing import Dataset, Resource, fixed, newest
from loaders.downloads.errors import FetchError
from loaders.downloads.forms import has_form, is_page, is_whole
from loaders.registry import REGISTRY

CHECKOUT = Path(__file__).resolve().parents[3]
OWN_FILES = {"conventions", "ensembles"}
BY_ID = {asset.id: asset for asset in ASSETS}


@pytest.fixture
def empty_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_every_loader_has_an_address_or_a_reason_to_have_none():
    without = {spec.id for spec in REGISTRY if not assets_of(spec.id)}
    assert without - set(BUNDLED) - OWN_FILES == set()


def test_addresses_are_protected_and_ids_unique():
    assert len(BY_ID) == len(ASSETS)
    for asset in ASSETS:
        for address in (asset.page, asset.dataset, *asset.addresses):
            assert address is None or address.startswith("https://")
        assert asset.by_hand or asset.dataset or asset.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_to_take_by_hand_is_said_for_every_file(language):
    assert {f"fetch.hand.{asset.id}" for asset in ASSETS} - set(catalogue(language)) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_has_its_message(language):
    codes = set()
    for path in (
        CHECKOUT / "loaders/fetch.py",
        CHECKOUT / "loaders/downloads/run.py",
        CHECKOUT / "loaders/downloads/transfer.py",
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "Trouble",
                "Cut",
                "Gone",
                "FetchError",
            }:
                codes |= {
                    item.value for item in ast.walk(node.args[0]) if isinstance(item, ast.Constant)
                }
    assert len(codes) > 20
    known = {key.removesuffix(".other") for key in catalogue(language)}
    assert {f"error.fetch.{code}" for code in codes} - known == set()


def dataset(*names: str) -> Dataset:
    return Dataset(resources=[Resource(url=f"https://exemple.invalid/x/{name}") for name in names])


def test_the_newest_month_is_chosen_not_the_daily_file_nor_the_last_uploaded():
    feed = BY_ID["finess-structures"]
    found = newest(
        feed,
        dataset(
            "finess-structures-mensuel-202607.json.gz",
            "finess-structures-mensuel-202608.json.gz",
            "finess-structures-mensuel-202512.json.gz",
            "finess-structures-journalier-20260910.json.gz",
            "finess-structures-mensuel-202609.json.gz.sha1",
        ),
    )
    assert found is not None
    assert (found.name, found.vintage) == ("finess-structures-mensuel-202608.json.gz", "2026-08")


def test_a_title_serves_where_the_address_has_no_name():
    feed = BY_ID["finess-structures"]
    resource = Resource(
        url="https://exemple.invalid/r/8b1f", title="finess-structures-mensuel-202607.json.gz"
    )
    found = newest(feed, Dataset(resources=[resource], license="odc-odbl"))
    assert found is not None
    assert (found.address, found.licence) == (resource.url, "ODbL 1.0")
    assert newest(feed, dataset("autre.csv")) is None


def test_a_yearly_file_is_looked_for_from_this_year_back():
    found = list(fixed(BY_ID["sae"], date(2026, 11, 22)))
    assert [item.vintage for item in found] == ["2026", "2025", "2024", "2023"]
    assert "sae_2026_base_administrative_formats_sas_csv_7z" in found[0].address
    assert found[-1].name == "sae_2023_base_administrative.7z"


def test_names_of_files_lead_out_of_no_folder():
    for asset in ASSETS:
        assert re.fullmatch(asset.pattern, "../../etc/passwd") is None or asset.dataset is None


@pytest.mark.parametrize(
    ("head", "form", "fits"),
    [
        (b"\x1f\x8b\x08\x00", "gzip", True),
        (b"PK\x03\x04", "xlsx", True),
        (b"PK\x03\x04", "gzip", False),
        (b"7z\xbc\xaf\x27\x1c", "7z", True),
        (b'\xef\xbb\xbf {"type"', "json", True),
        (b"<xml", "json", False),
        (b"finessEt;prix", "csv", True),
        (b'{"a": 1}', "csv", False),
    ],
)
def test_a_form_is_told_by_the_first_bytes(head, form, fits):
    assert has_form(head, form) is fits


def test_a_page_is_told_from_a_table():
    assert is_page(b"\xef\xbb\xbf\n<!doctype html>")
    assert not is_page(b"nom;<html>")


@pytest.mark.parametrize("form", ["json", "xlsx", "7z"])
def test_a_file_that_stops_before_its_end_is_found(tmp_path, form):
    path = tmp_path / "cut"
    head = (
        b"7z\xbc\xaf\x27\x1c" + bytes(6) + (100).to_bytes(8, "little") + (8).to_bytes(8, "little")
    )
    path.write_bytes({"json": b'{"features": [{"a"', "xlsx": b"PK\x03\x04 cut", "7z": head}[form])
    assert not is_whole(path, form)
    if form == "7z":
        path.write_bytes(head + bytes(112))
        assert is_whole(path, form)


@pytest.mark.usefixtures("empty_cache")
def test_tables_unpacked_by_hand_are_all_taken():
    archive = BY_ID["sae"]
    folder = cache_folder(archive)
    (folder / "SAE 2023").mkdir(parents=True)
    (folder / "sae_2023_base_administrative.7z").write_bytes(b"7z")
    for name in ("ID_2023r.csv", "MCO_2023r.csv"):
        (folder / "SAE 2023" / name).write_text("FI;FI_EJ\n")
    assert sorted(path.name for path in cached_files("sae")) == ["ID_2023r.csv", "MCO_2023r.csv"]


@pytest.mark.usefixtures("empty_cache")
def test_lists_that_are_not_to_be_mixed_are_read_from_a_path_only():
    """EHPAD come from FINESS or from the CNSA, one load each: only the first is taken up."""
    assert [asset.id for asset in assets_of("ehpad")] == ["finess-structures"]
    (other,) = others_of("ehpad")
    for name, asset in (("feed.json.gz", BY_ID["finess-structures"]), ("prix.csv", other)):
        cache_folder(asset).mkdir(parents=True)
        (cache_folder(asset) / name).write_bytes(b"x")
    assert [path.name for path in cached_files("ehpad")] == ["feed.json.gz"]
    result = run_fetch("ehpad", "fr")
    assert [item.state for item in result.files] == ["by_hand"]
    assert "maillage load ehpad CHEMIN" in result.by_hand[0]
    assert str(cache_folder(other)) not in result.by_hand[0]


@pytest.mark.usefixtures("empty_cache")
def test_a_failed_download_names_every_file_that_the_source_reads():
    error = FetchError("no_address", BY_ID["finess-structures"], "ehpad")
    message = error.message("fr")
    assert "finess-structures-mensuel" in message
    assert "cnsa_export_prix_ehpad" in message


@pytest.mark.usefixtures("empty_cache")
def test_a_file_put_by_hand_satisfies_a_source_without_address():
    folder = cache_folder(BY_ID["insee-population"])
    folder.mkdir(parents=True)
    (folder / "pop.csv").write_text("code;pop\n")
    result = run_fetch("population", "fr")
    assert [(item.state, Path(item.file).name) for item in result.files] == [("by_hand", "pop.csv")]


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_every_file_of_a_known_loader(language):
    rows = download_rows(language)
    known = {spec.id for spec in REGISTRY}
    assert len(rows) == sum(bool(known.intersection(asset.sources)) for asset in ASSETS)
    assert "finess" in fetchable()
    assert "population" not in fetchable()
