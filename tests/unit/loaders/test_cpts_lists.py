"""Regional lists of CPTS. Every list is synthetic, in the layouts seen; communes are real ones.

The CPTS La Bièvre and Villejuif bear the communes that are published for them; every other CPTS,
person, mailbox and date is made up.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
import xlsxwriter

from graph.errors import InputError, UsageError
from graph.model import SourceRecord, StructureClaim, TerritoryClaim
from graph.store.port import GraphStore, LoadBatch, ReadReport
from graph.store.sqlite import SqliteStore
from loaders import cpts, reference
from loaders.base import LoadContext
from loaders.territories.bundled import bundled

HEADER = [
    *("Nom CPTS", "Territoire CPTS", "dpt", "Président-e", "Coordonnateur-rice"),
    *("Contact de la CPTS", "Site Internet"),
]
PERSON, MAILBOX, PHONE = "Dr Essai Synthétique", "essai@exemple.invalid", "06 00 00 00 00"
SITE = "www.cpts-essai.example"


def row(name: str, commune: str, departement: Any) -> list[Any]:
    return [name, commune, departement, PERSON, PERSON, f"{MAILBOX} {PHONE}", SITE]


ROWS = [
    *(row("CPTS Essai Mer", place, "83") for place in ("La Garde", "Le Pradet", "Toulon")),
    *(row("CPTS Essai Rade", place, "83") for place in ("Toulon", "La Seyne-sur-Mer")),
    row("CPTS Essai Nord Marseille", "Marseille 14e Arrondissement", "13"),
    row("CPTS Essai Nord Marseille", "Marseille 15e Arrondissement", "13"),
    row("CPTS Essai Montagne", "Rousset-Serre-Ponèon", "05"),
    row("CPTS Essai Montagne", "Ristolas", 5),
    row("CPTS Essai Montagne", "Briançon", "Hautes-Alpes"),
]


def write(
    path: Path, rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER, titles: int = 1
) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("CPTS")
        for number in range(titles):
            sheet.write(number, 0, f"Essai synthétique, ligne de titre {number + 1}")
        for number, cells in enumerate([header, *rows], start=titles):
            sheet.write_row(number, 0, cells)
    return path


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write(tmp_path / "Listing CPTS_012026.xlsx", ROWS)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = SqliteStore(str(tmp_path / "essai.db"))
    yield opened
    opened.close()


def structures(batch: LoadBatch) -> dict[str, StructureClaim]:
    return {claim.id: claim for claim in batch.claims if isinstance(claim, StructureClaim)}


def territories(batch: LoadBatch, source: str) -> dict[str, TerritoryClaim]:
    return {
        claim.code: claim
        for claim in batch.claims
        if isinstance(claim, TerritoryClaim) and claim.source == source
    }


def covers(batch: LoadBatch, ident: str) -> list[str]:
    refs = structures(batch)[ident].covers
    return [ref.removeprefix("commune:") for ref in refs if ref.startswith("commune:")]


def one(tmp_path: Path, *rows: Sequence[Any], **columns: Any) -> LoadBatch:
    return cpts.read([write(tmp_path / "liste 2026-01.xlsx", rows, **columns)], LoadContext())


def test_perimeters_are_communes_whatever_their_spelling(listing: Path) -> None:
    batch = cpts.read([listing], LoadContext())
    assert covers(batch, "cpts:essai-mer-83") == ["83062", "83098", "83137"]
    assert covers(batch, "cpts:essai-nord-marseille-13") == ["13214", "13215"]
    assert covers(batch, "cpts:essai-montagne-05") == ["05001", "05023", "05127"]
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (10, 10, 0)
    assert batch.parts == frozenset({"83", "13", "05"})
    assert batch.sources[0].vintage == "2026-01"


def test_several_cpts_share_a_city(listing: Path) -> None:
    batch = cpts.read([listing], LoadContext())
    shared = [ident for ident in structures(batch) if "83137" in covers(batch, ident)]
    assert shared == ["cpts:essai-mer-83", "cpts:essai-rade-83"]


def test_what_had_to_be_understood_is_said(listing: Path) -> None:
    batch = cpts.read([listing], LoadContext())
    said = [(item.row, item.code, item.params["commune"]) for item in batch.report.warnings]
    assert said == [
        ("ligne 10", "cpts.broken", "Rousset-Serre-Ponçon (05127)"),
        ("ligne 11", "cpts.merged", "Abriès-Ristolas (05001)"),
    ]


def test_no_person_phone_or_mailbox_is_loaded(listing: Path) -> None:
    batch = cpts.read([listing], LoadContext())
    said = repr(batch)
    assert SITE in said
    for personal in (PERSON, MAILBOX, PHONE, "exemple.invalid"):
        assert personal not in said


def test_a_mailbox_in_the_place_of_a_site_is_not_kept(tmp_path: Path) -> None:
    batch = one(tmp_path, ["CPTS Essai", "Créteil", "94", "", "", "", MAILBOX])
    assert MAILBOX not in repr(batch)


def test_the_perimeter_is_a_territory_with_its_figures(tmp_path: Path) -> None:
    places = ("Cachan", "Chevilly-Larue", "Fresnes", "L’Haÿ-les-Roses", "Rungis")
    batch = one(tmp_path, *(row("CPTS La Bièvre", place, "94") for place in places))
    said = territories(batch, "cpts-liste-11")["la-bievre-94"]
    codes = ("94016", "94021", "94034", "94038", "94065")
    assert said.members == tuple(f"commune:{code}" for code in codes)
    computed = territories(batch, "cpts-calculs")["la-bievre-94"]
    rows = [bundled().get("commune", code) for code in codes]
    assert computed.population == sum(item.population or 0 for item in rows if item) == 117_256
    assert computed.geometry is not None
    assert shapely.from_wkb(computed.geometry).geom_type == "Polygon"
    assert structures(batch)["cpts:la-bievre-94"].covers[-1] == "cpts:la-bievre-94"


@pytest.mark.parametrize(
    ("commune", "departement", "code"),
    [
        ("Marseille", "13", "cpts.city"),
        ("Paris", "", "cpts.city"),
        ("Saint-Denis", "", "cpts.commune_ambiguous"),
        ("Créteil", "91", "cpts.commune_elsewhere"),
        ("Créteuil", "94", "cpts.commune"),
        ("Marseille 17e", "13", "cpts.commune"),
        ("", "94", "cpts.no_commune"),
    ],
)
def test_nothing_is_guessed(tmp_path: Path, commune: str, departement: str, code: str) -> None:
    batch = one(tmp_path, row("CPTS Essai", commune, departement))
    (rejection,) = batch.report.rejections
    assert (rejection.row, rejection.code) == ("ligne 3", code)
    for language in ("fr", "en"):
        assert rejection.reason(language)
    assert not any(
        "commune:" in ref for claim in structures(batch).values() for ref in claim.covers
    )


def test_an_incomplete_perimeter_says_what_misses(tmp_path: Path) -> None:
    batch = one(tmp_path, row("CPTS Essai", "Créteil", "94"), row("CPTS Essai", "Nulle-Part", "94"))
    (fact,) = [
        item
        for item in structures(batch)["cpts:essai-94"].facts
        if item.topic == "communes_non_reconnues"
    ]
    assert (fact.value, fact.note) == (1.0, "Nulle-Part")
    assert territories(batch, "cpts-calculs")["essai-94"].population is None


def test_a_cell_may_hold_several_communes(tmp_path: Path) -> None:
    header = ["CPTS", "Communes", "Département"]
    batch = one(
        tmp_path,
        ["CPTS La Bièvre", "Cachan, Chevilly-Larue ; Fresnes\nL'Haÿ-les-Roses et Rungis", "94"],
        ["CPTS Essai", "Maisons-Alfort, Nulle-Part", "Val-de-Marne"],
        ["CPTS Essai Centre", "Marseille 1er, 2e et 3e arrondissements", "13"],
        header=header,
    )
    assert len(covers(batch, "cpts:la-bievre-94")) == 5
    assert covers(batch, "cpts:essai-94") == ["94046"]
    assert covers(batch, "cpts:essai-centre-13") == ["13201", "13202", "13203"]
    (warning,) = batch.report.warnings
    assert (warning.row, warning.code, warning.value) == ("ligne 4", "cpts.commune", "Nulle-Part")
    assert (batch.report.kept, batch.report.rejected) == (3, 0)


def test_codes_are_read_before_names(tmp_path: Path) -> None:
    header = ["Nom de la CPTS", "Code INSEE", "Commune"]
    batch = one(
        tmp_path,
        ["CPTS Essai", "94028", "Creteil"],
        ["CPTS Essai", 94046, ""],
        ["CPTS Essai Ain", 1004, ""],
        ["CPTS Essai", "93059", "Pierrefitte"],
        ["CPTS Essai", "99999", "Vincennes"],
        ["CPTS Essai", "75056", ""],
        header=header,
    )
    assert covers(batch, "cpts:essai-94") == ["93066", "94028", "94046", "94080"]
    assert covers(batch, "cpts:essai-ain-01") == ["01004"]
    assert [(item.row, item.code) for item in batch.report.rejections] == [("ligne 8", "cpts.city")]
    assert [(item.row, item.code) for item in batch.report.warnings] == [("ligne 6", "cpts.merged")]


def test_the_header_may_stand_anywhere_and_names_may_be_merged(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "Essai synthétique")
        sheet = book.add_worksheet("Données")
        sheet.write(3, 1, "Périmètres au 15 mars 2025")
        sheet.write_row(6, 1, ["Nom CPTS", "Commune", "Dépt"])
        sheet.merge_range(7, 1, 9, 1, "CPTS Essai")
        for number, place in enumerate(("Créteil", "Alfortville", "Maisons-Alfort"), start=7):
            sheet.write_row(number, 2, [place, 94])
        sheet.write_row(10, 2, ["Vincennes", 94])
    batch = cpts.read([path], LoadContext())
    assert covers(batch, "cpts:essai-94") == ["94002", "94028", "94046"]
    assert batch.sources[0].vintage == "2025-03-15"
    assert [(item.row, item.code) for item in batch.report.rejections] == [
        ("ligne 11", "cpts.no_name")
    ]


def test_a_row_twice_is_skipped(tmp_path: Path) -> None:
    batch = one(tmp_path, *[row("CPTS Essai", "Créteil", "94")] * 3)
    assert (batch.report.read, batch.report.kept, batch.report.skipped) == (3, 1, 2)


def test_stage_and_dates(tmp_path: Path) -> None:
    header = ["Nom CPTS", "Commune", "Dpt", "Statut", "Date de signature ACI", "Date LI"]
    batch = one(
        tmp_path,
        ["CPTS Un", "Créteil", "94", "ACI signé", "12/03/2022", "2020"],
        ["CPTS Un", "Alfortville", "94", "", "", ""],
        ["CPTS Deux", "Vincennes", "94", "Projet de santé validé", "", ""],
        ["CPTS Trois", "Thiais", "94", "ACI en cours de signature", "", ""],
        ["CPTS Quatre", "Orly", "94", "Lettre d'intention (01/2024)", "bientôt", ""],
        header=header,
    )
    stages = {
        ident: [(fact.value, fact.date) for fact in claim.facts]
        for ident, claim in structures(batch).items()
    }
    assert stages == {
        "cpts:un-94": [("lettre d’intention", "2020"), ("ACI signé", "2022-03-12")],
        "cpts:deux-94": [("projet validé", None)],
        "cpts:trois-94": [("ACI en cours de signature", None)],
        "cpts:quatre-94": [("lettre d’intention", "2024-01")],
    }
    assert [item.code for item in batch.report.warnings] == ["cpts.stage", "cpts.date"]


def test_a_departement_keeps_its_own(listing: Path) -> None:
    batch = cpts.read([listing], LoadContext(departements=("13",)))
    assert list(structures(batch)) == ["cpts:essai-nord-marseille-13"]
    assert batch.parts == frozenset({"13"})
    assert (batch.report.read, batch.report.kept, batch.report.skipped) == (10, 2, 8)


def registered(store: GraphStore, *items: tuple[str, str, str]) -> None:
    """Put CPTS with a number in the store, as FINESS would: (number, name, commune)."""
    source = SourceRecord(id="essai-604", family="finess", title="Essai synthétique")
    claims = [
        StructureClaim(
            id=number, source=source.id, locator=number, name=name, kind="CPTS", commune=commune
        )
        for number, name, commune in items
    ]
    batch = LoadBatch(
        loader="essai", series="essai", sources=(source,), claims=[*claims], report=ReadReport()
    )
    store.apply(batch)


def test_names_are_joined_to_the_cpts_known(tmp_path: Path, store: GraphStore) -> None:
    registered(store, ("940099991", "CPTS ESSAI", "94028"), ("130099999", "CPTS ESSAI", "13201"))
    path = write(tmp_path / "l 2026.xlsx", [row("CPTS Essai", "Créteil", "94")])
    batch = cpts.read([path], LoadContext(store=store))
    assert list(structures(batch)) == ["940099991"]
    assert batch.report.warnings == []


def test_the_reference_cpts_of_paris_are_found_by_their_names(
    tmp_path: Path, store: GraphStore
) -> None:
    store.apply(reference.read([], LoadContext()))
    rows = [
        row("CPTS du 13e arrondissement de Paris", "Paris 13e", "75"),
        row("CPTS Paris 14", "Paris 14e Arrondissement", "75"),
        row("CPTS Paris 15", "Paris 15ème", "75"),
    ]
    batch = cpts.read([write(tmp_path / "l 2026.xlsx", rows)], LoadContext(store=store))
    assert list(structures(batch)) == ["750065179", "750065187", "cpts:paris-15-75"]
    assert [covers(batch, ident) for ident in structures(batch)] == [
        ["75113"],
        ["75114"],
        ["75115"],
    ]


def test_a_name_that_is_not_the_same_is_joined_and_said(tmp_path: Path, store: GraphStore) -> None:
    registered(store, ("940099991", "CPTS ESSAI BORDS DE MARNE", "94028"))
    path = write(tmp_path / "l 2026.xlsx", [row("CPTS Essai - Bord de Marne", "Vincennes", 94)])
    batch = cpts.read([path], LoadContext(store=store))
    assert list(structures(batch)) == ["940099991"]
    (warning,) = batch.report.warnings
    assert (warning.code, warning.value) == (
        *("cpts.matched", "CPTS ESSAI BORDS DE MARNE (940099991)"),
    )


def test_a_name_of_another_departement_is_not_joined(tmp_path: Path, store: GraphStore) -> None:
    registered(store, ("060099990", "CPTS MARNE PLAISANCE", "06088"))
    path = write(tmp_path / "l 2026.xlsx", [row("CPTS Marne Plaisance", "Neuilly-Plaisance", 93)])
    batch = cpts.read([path], LoadContext(store=store))
    assert list(structures(batch)) == ["cpts:marne-plaisance-93"]


def test_two_cpts_that_match_one_stay_apart(tmp_path: Path, store: GraphStore) -> None:
    registered(store, ("940099991", "CPTS ESSAI BORDS DE MARNE", "94028"))
    rows = [
        row("CPTS Essai Bords de Marne", "Créteil", "94"),
        row("CPTS Essai - Bord de Marne", "Vincennes", "94"),
    ]
    batch = cpts.read([write(tmp_path / "l 2026.xlsx", rows)], LoadContext(store=store))
    assert sorted(structures(batch)) == [
        "cpts:essai-bord-de-marne-94",
        "cpts:essai-bords-de-marne-94",
    ]
    assert [item.code for item in batch.report.warnings] == ["cpts.ambiguous"] * 2


def test_a_number_stated_is_the_id(tmp_path: Path) -> None:
    header = ["Nom CPTS", "Commune", "Dpt", "N° FINESS"]
    batch = one(
        tmp_path,
        ["CPTS Un", "Créteil", "94", "940099991"],
        ["CPTS Deux", "Vincennes", "94", "94009"],
        ["CPTS Trois", "Thiais", "94", "940099983"],
        ["CPTS Quatre", "Orly", "94", "940099983"],
        header=header,
    )
    assert list(structures(batch)) == [
        "940099991",
        *(f"cpts:{n}-94" for n in ("deux", "trois", "quatre")),
    ]
    assert [item.code for item in batch.report.warnings] == [
        "cpts.finess",
        *["cpts.shared_number"] * 2,
    ]


def test_the_same_list_twice_changes_nothing(listing: Path, store: GraphStore) -> None:
    first = store.apply(cpts.read([listing], LoadContext(store=store)))
    again = store.apply(cpts.read([listing], LoadContext(store=store)))
    assert first.added == 12
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 12)


def test_another_region_removes_nothing(listing: Path, tmp_path: Path, store: GraphStore) -> None:
    store.apply(cpts.read([listing], LoadContext(store=store)))
    other = write(tmp_path / "idf 2025.xlsx", [row("CPTS Essai Mer", "Créteil", "94")])
    batch = cpts.read([other], LoadContext(store=store))
    outcome = store.apply(batch)
    assert (outcome.added, outcome.removed) == (3, 0)
    assert [item.code for item in batch.report.warnings] == []
    assert {item.id for item in store.sources()} >= {"cpts-liste-93", "cpts-liste-11"}


def test_a_newer_list_removes_what_vanished_in_its_region(
    listing: Path, tmp_path: Path, store: GraphStore
) -> None:
    store.apply(cpts.read([listing], LoadContext(store=store)))
    newer = write(tmp_path / "Listing CPTS_022026.xlsx", ROWS[3:])
    outcome = store.apply(cpts.read([newer], LoadContext(store=store)))
    assert outcome.removed == 3
    assert "cpts:essai-mer-83" not in {item.id for item in store.structures()}
    older = cpts.read([listing], LoadContext(store=store))
    assert "lists.older" in [item.code for item in older.report.warnings]


def test_renamed_columns_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "l.xlsx", ROWS, header=["Nom_CPTSS", "Teritoire CPTS", *HEADER[2:]])
    with pytest.raises(InputError) as caught:
        cpts.read([path], LoadContext())
    message = caught.value.message("fr")
    assert "Teritoire CPTS" in message
    assert "Nom_CPTSS" in message


def test_files_are_loaded_one_at_a_time(listing: Path) -> None:
    with pytest.raises(UsageError):
        cpts.read([listing, listing], LoadContext())
    with pytest.raises(UsageError):
        cpts.read([], LoadContext())


def test_rows_written_alike_are_reported_each(tmp_path: Path) -> None:
    places = [("Nulle-Part", "94"), ("Ristolas", "05"), ("Créteil", "zz"), ("Toulon", "83")]
    rows = [row(f"CPTS {word}", *place) for word in ("Un", "Deux") for place in places]
    batch = one(tmp_path, *rows)
    assert [(item.row, item.value) for item in batch.report.rejections] == [
        *(("ligne 3", "Nulle-Part"), ("ligne 7", "Nulle-Part")),
    ]
    assert [(item.row, item.code, item.value) for item in batch.report.warnings] == [
        ("ligne 4", "cpts.merged", "Ristolas"),
        ("ligne 5", "cpts.departement", "zz"),
        ("ligne 8", "cpts.merged", "Ristolas"),
        ("ligne 9", "cpts.departement", "zz"),
    ]
    assert covers(batch, "cpts:un-94") == covers(batch, "cpts:deux-94")


def test_cpts_of_the_same_communes_are_computed_alike(tmp_path: Path) -> None:
    places = ("Créteil", "Thiais")
    rows = [row(f"CPTS {word}", place, "94") for word in ("Un", "Deux") for place in places]
    batch = one(tmp_path, *rows, row("CPTS Deux", "Nulle-Part", "94"))
    whole, part = (territories(batch, "cpts-calculs")[code] for code in ("un-94", "deux-94"))
    assert whole.geometry == part.geometry is not None
    assert whole.population is not None
    assert part.population is None
