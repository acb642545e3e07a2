"""CPTS of FINESS (category 604) from every layout: real rows of Île-de-France, synthetic files."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.errors import InputError, UsageError
from graph.model import StructureClaim
from graph.store.port import GraphStore, LoadBatch
from graph.store.sqlite import SqliteStore
from loaders import cpts, finess
from loaders.base import LoadContext
from tests.support import fhir

NUMBER, ENTITY = "940099991", "940099983"


def row(number: str, category: str, name: str, departement: str = "94") -> str:
    """Return a synthetic line of type structureet."""
    cells = [""] * 32
    cells[:5] = ["structureet", number, f"{departement}0099983", name, name]
    cells[7:10] = ["1", "R", "DE L'ESSAI"]
    cells[12:16] = ["028", departement, "VAL DE MARNE", "94000 CRETEIL"]
    cells[18], cells[28] = category, "2021-02-03"
    return ";".join(cells)


ROWS = [
    "finess;etalab;4;2026-05-12",
    row(NUMBER, "604", "CPTS ESSAI SYNTHETIQUE"),
    row("940000573", "355", "HOPITAL ESSAI"),
    row("94000", "500", "EHPAD A NUMERO FAUX"),
]


@pytest.fixture
def classic(tmp_path: Path) -> Path:
    path = tmp_path / "etalab-synthetique.csv"
    path.write_text("\n".join(ROWS), encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = SqliteStore(str(tmp_path / "essai.db"))
    yield opened
    opened.close()


def structures(batch: LoadBatch) -> dict[str, StructureClaim]:
    return {claim.id: claim for claim in batch.claims if isinstance(claim, StructureClaim)}


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_a_classic_file_saved_with_another_delimiter(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "autre.csv"
    path.write_text("\n".join(ROWS).replace(";", delimiter), encoding="utf-8")
    assert NUMBER in structures(cpts.read([path], LoadContext()))


@pytest.mark.realdata
def test_the_cpts_of_ile_de_france_in_2021(shared_data: Path, tmp_path: Path) -> None:
    path = fhir.rewrite(shared_data, tmp_path / "idf.csv")
    batch = cpts.read([path], LoadContext())
    found = structures(batch)
    assert len(found) == 17
    assert {claim.kind for claim in found.values()} == {"CPTS"}
    assert all(claim.covers == () for claim in found.values())
    paris_14 = found["750065187"]
    assert (paris_14.name, paris_14.commune, paris_14.legal_entity) == (
        *("CPTS PARIS 14", "75113", "750064990"),  # its address is in the 13th
    )
    assert batch.report.read == fhir.COUNT
    assert (batch.report.kept, batch.report.skipped) == (17, fhir.COUNT - 17)


@pytest.mark.realdata
def test_they_are_what_the_finess_loader_reads(shared_data: Path, tmp_path: Path) -> None:
    path = fhir.rewrite(shared_data, tmp_path / "idf.csv")
    whole = structures(finess.read([path], LoadContext()))
    for ident, claim in structures(cpts.read([path], LoadContext())).items():
        assert claim == whole[ident]


def test_only_cpts_are_kept_and_their_scope_is_their_own(classic: Path, store: GraphStore) -> None:
    store.apply(finess.read([classic], LoadContext(store=store)))
    batch = cpts.read([classic], LoadContext(store=store))
    assert list(structures(batch)) == [NUMBER]
    assert (batch.report.read, batch.report.kept, batch.report.skipped, batch.report.rejected) == (
        *(3, 1, 1, 1),
    )
    assert batch.series == "cpts:etalab"
    outcome = store.apply(batch)
    assert (outcome.added, outcome.removed) == (1, 0)
    assert {item.id for item in store.structures()} == {NUMBER, "940000573"}


def test_a_cpts_that_left_finess_is_removed(classic: Path, store: GraphStore) -> None:
    store.apply(cpts.read([classic], LoadContext(store=store)))
    classic.write_text("\n".join([ROWS[0], ROWS[2]]), encoding="utf-8")
    outcome = store.apply(cpts.read([classic], LoadContext(store=store)))
    assert outcome.removed == 1
    assert store.structures() == []


def test_the_feed_gives_the_seat_and_the_legal_entity(tmp_path: Path) -> None:
    home = {"usageAdresse": "03", "cogCommune": "94028", "codePostal": "94000"}
    site = {
        "informationsGeneralesEGE": {"numFinessEge": NUMBER, "nomEgeLong": "CPTS ESSAI"},
        "categorieentiteGeographiqueExercice": "604",
        "adresse": [home],
        "etatObjet": "A",
    }
    other = {
        **site,
        "informationsGeneralesEGE": {"numFinessEge": "940099975", "nomEgeLong": "EHPAD ESSAI"},
        "categorieentiteGeographiqueExercice": "500",
    }

    def entity(number: str, *sites: object) -> dict[str, object]:
        info = {"pmSmsseId": number, "numFinessPm": number, "denominationPm": f"ASS {number}"}
        return {"informationsGeneralesPMEJ": info, "etatObjet": "A", "ege": list(sites)}

    feed = {
        "generatedAt": "2026-08-13T00:00:00Z",
        "gcc": [],
        "pmej": [entity(ENTITY, site), entity("940099967", other)],
    }
    path = tmp_path / "flux.json.gz"
    path.write_bytes(gzip.compress(json.dumps(feed).encode()))
    batch = cpts.read([path], LoadContext())
    found = structures(batch)
    assert sorted(found) == [ENTITY, NUMBER]
    assert (found[NUMBER].legal_entity, found[NUMBER].commune) == (ENTITY, "94028")
    assert (batch.series, batch.report.kept, batch.report.skipped) == ("cpts:json", 2, 2)


def test_finess_files_may_come_together_but_not_with_a_layer(classic: Path, tmp_path: Path) -> None:
    entities = tmp_path / "ej.csv"
    cells = [""] * 23
    cells[:4] = ["structureej", ENTITY, "ASS CPTS ESSAI", "ASSOCIATION CPTS ESSAI"]
    cells[11:17] = ["028", "94000 CRETEIL", "94", "VAL DE MARNE", "", "60"]
    entities.write_text("finess;etalab;1;2026-05-12\n" + ";".join(cells), encoding="utf-8")
    batch = cpts.read([classic, entities], LoadContext())
    assert sorted(structures(batch)) == [ENTITY, NUMBER]
    layer = tmp_path / "cpts.json"
    layer.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    with pytest.raises(UsageError):
        cpts.read([classic, layer], LoadContext())


def test_a_list_in_text_is_not_taken_for_finess(tmp_path: Path) -> None:
    path = tmp_path / "liste_2026.csv"
    path.write_bytes("Nom CPTS;Commune;Dépt\nCPTS Essai;Créteil;94\n".encode("cp1252"))
    batch = cpts.read([path], LoadContext())
    assert list(structures(batch)) == ["cpts:essai-94"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.4 essai", "tabular.foreign.pdf"),
        (b"a;b;c\n1;2;3\n", "tabular.columns"),
        (b'{"schemaVersion": "v1.0.0", "pmej": [{"info', "finess.json_cut"),
        (b"PK\x03\x04 essai", "register.damaged"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "cpts.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        cpts.read([path], LoadContext())
    assert caught.value.code == code
