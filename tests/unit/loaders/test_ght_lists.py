"""Lists of GHT members: both layouts of the ministry, on synthetic files that follow them.

The rows of Hôpitaux Confluence bear real numbers (SAE 2023); everything else is synthetic.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from graph.errors import InputError, UsageError
from graph.model import MembershipClaim, StructureClaim
from graph.projection import active
from graph.store.port import GraphStore, LoadBatch
from graph.store.sqlite import SqliteStore
from loaders import ght, reference
from loaders.base import LoadContext

CHIC, CHIV = "940110018", "940110042"
CONFLUENCE = f"ght:{CHIC}"

HEADER_2017 = [
    *("REGION", "DENOMINATION GHT", "CODE GHT", "FINESS", "CATEGORIE"),
    *("DENOMINATION ETABLISSEMENT", "COMMUNE", "CODE POSTAL"),
]
ROWS_2017 = [
    ["Ile-de-France", "94 Est", "IDF-11", CHIC, "C.H.", "C H I DE CRETEIL", "Créteil", "94000"],
    [
        *("Ile-de-France", "94 Est", "IDF-11", CHIV, "C.H.", "C H I VILLENEUVE SAINT GEORGES"),
        *("Villeneuve-Saint-Georges", "94190"),
    ],
    ["Essai", "Essai Sud", "ES-01", "990000011", "C.H.R.", "CHU ESSAI", "Limoges", "87042"],
    ["Essai", "Essai Sud", "ES-01", "990000029", "E.H.P.A.D.", "EHPAD ESSAI", "Nullepart", "87000"],
]
HEADER_2024 = ["ARS_CODE", "ARS_LIB(C)", "GHT_CODE", "GHT_LIB(C)", "ES_FINESS", "GHT_SUPPORT"]
ROWS_2024 = [
    ["11", "Île-de-France", "11111", "Hôpitaux Confluence", CHIC, "O"],
    ["11", "Île-de-France", "11111", "Hôpitaux Confluence", CHIV, ""],
    ["84", "Auvergne-Rhône-Alpes", "84101", "Essai Nord", 10780054, "O"],
    ["84", "Auvergne-Rhône-Alpes", "84101", "Essai Nord", "010000999", "N"],
]


def write(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]], titles: Sequence[str] = ()
) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Feuil1")
        for number, row in enumerate([*([title] for title in titles), header, *rows]):
            sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path / "dgos_ght_liste_2017_10_31.xlsx", HEADER_2017, ROWS_2017)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return write(tmp_path / "Liste_GHT_2024.xlsx", HEADER_2024, ROWS_2024)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = SqliteStore(str(tmp_path / "essai.db"))
    yield opened
    opened.close()


def memberships(batch: LoadBatch) -> dict[str, MembershipClaim]:
    return {claim.id: claim for claim in batch.claims if isinstance(claim, MembershipClaim)}


def structures(batch: LoadBatch) -> dict[str, StructureClaim]:
    return {claim.id: claim for claim in batch.claims if isinstance(claim, StructureClaim)}


def warned(batch: LoadBatch) -> list[str]:
    return [item.code for item in batch.report.warnings]


def test_the_list_of_2017_states_no_support(old: Path) -> None:
    batch = ght.read([old], LoadContext())
    assert {claim.role for claim in memberships(batch).values()} == {"partie"}
    group = structures(batch)["ght:code-idf-11"]
    assert (group.name, group.other_names, group.kind, group.part) == (
        *("94 Est", ("IDF-11",), "GHT", "94"),
    )
    assert warned(batch) == ["ght.no_support", "ght.no_support"]
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (4, 4, 0)
    assert batch.parts == frozenset({"94", "99"})


def test_members_are_dated_by_the_name_of_the_file_and_it_is_said(old: Path) -> None:
    batch = ght.read([old], LoadContext())
    assert {claim.since for claim in memberships(batch).values()} == {"..2017-10-31"}
    assert batch.sources[0].vintage == "2017-10-31"
    assert "dgos_ght_liste_2017_10_31.xlsx" in (batch.sources[0].note or "")


def test_members_are_named_where_the_list_names_them(old: Path) -> None:
    named = structures(ght.read([old], LoadContext()))
    assert (named[CHIC].name, named[CHIC].commune, named[CHIC].level, named[CHIC].kind) == (
        *("C H I DE CRETEIL", "94028", "EJ", "HOPITAL"),
    )
    assert (named["990000011"].kind, named["990000011"].commune) == ("HOPITAL", "87085")
    assert (named["990000029"].kind, named["990000029"].commune) == (None, None)


def test_the_list_of_2024_names_the_support(new: Path) -> None:
    batch = ght.read([new], LoadContext())
    roles = {(item.member, item.group): item.role for item in memberships(batch).values()}
    assert roles[CHIC, CONFLUENCE] == "support"
    assert roles[CHIV, CONFLUENCE] == "partie"
    assert structures(batch)[CONFLUENCE].name == "Hôpitaux Confluence"
    assert batch.sources[0].vintage == "2024"


def test_a_number_read_as_a_figure_gets_its_zero_back(new: Path) -> None:
    batch = ght.read([new], LoadContext())
    assert "010780054>ght:010780054#support" in memberships(batch)
    (warning,) = batch.report.warnings
    assert (warning.code, warning.row, warning.value) == ("ght.lost_zero", "ligne 4", "10780054")


def test_a_zero_is_not_put_back_against_the_postal_code(tmp_path: Path) -> None:
    rows = [
        ["Essai", "Essai", "ES-01", "10780054", "C.H.", "CH ESSAI", "Limoges", "87000"],
        ["Essai", "Essai", "ES-01", "870000015", "C.H.R.", "CHU ESSAI", "Limoges", "87042"],
    ]
    batch = ght.read([write(tmp_path / "liste.xlsx", HEADER_2017, rows)], LoadContext())
    (rejection,) = batch.report.rejections
    assert (rejection.code, rejection.value) == ("ght.bad_number", "10780054")
    assert "ES-01" not in rejection.reason("fr")
    assert "lists.no_vintage" in warned(batch)


def test_a_list_without_support_joins_the_ght_known_by_its_members(
    old: Path, store: GraphStore
) -> None:
    store.apply(reference.read([], LoadContext()))
    batch = ght.read([old], LoadContext(store=store))
    assert CONFLUENCE in structures(batch)
    assert f"{CHIV}>{CONFLUENCE}#partie" in memberships(batch)
    assert warned(batch) == ["ght.no_support"]  # the synthetic one, which nobody knows


def test_the_support_of_the_list_wins_over_the_party_of_the_article(
    new: Path, store: GraphStore
) -> None:
    store.apply(reference.read([], LoadContext()))
    store.apply(ght.read([new], LoadContext(store=store)))
    inside = [item for item in store.memberships() if item.group == CONFLUENCE]
    assert len(inside) == 3
    shown = {item.member: item.role for item in active(inside, date(2026, 11, 22))}
    assert shown == {CHIC: "support", CHIV: "partie"}
    party = next(item for item in inside if item.member == CHIV)
    assert set(party.sources) == {"ght-liste", "seed-003"}
    (group,) = [item for item in store.structures() if item.id == CONFLUENCE]
    assert group.name == "GHT Hôpitaux Confluence"
    assert "11111" in group.other_names


def test_the_same_list_twice_changes_nothing(old: Path, store: GraphStore) -> None:
    first = store.apply(ght.read([old], LoadContext(store=store)))
    again = store.apply(ght.read([old], LoadContext(store=store)))
    assert first.added == 10
    assert (again.added, again.updated, again.removed, again.unchanged) == (0, 0, 0, 10)


def test_an_old_list_after_a_new_one_is_said(old: Path, new: Path, store: GraphStore) -> None:
    store.apply(ght.read([new], LoadContext(store=store)))
    batch = ght.read([old], LoadContext(store=store))
    (warning,) = [item for item in batch.report.warnings if item.code == "lists.older"]
    assert (warning.value, warning.params["stored"]) == ("2017-10-31", "2024")


def test_a_departement_keeps_the_ght_whose_support_is_there(new: Path) -> None:
    batch = ght.read([new], LoadContext(departements=("94",)))
    assert {claim.part for claim in batch.claims} == {"94"}
    assert batch.parts == frozenset({"94"})
    assert (batch.report.read, batch.report.kept, batch.report.skipped) == (4, 2, 2)


def test_titles_above_the_header_date_the_list(tmp_path: Path) -> None:
    titles = ["Direction générale de l’offre de soins", "GHT : situation au 31 octobre 2019"]
    path = write(tmp_path / "liste.xlsx", HEADER_2024, ROWS_2024, titles)
    batch = ght.read([path], LoadContext())
    assert (batch.sources[0].vintage, batch.sources[0].note) == ("2019-10-31", None)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dgos_ght_liste_2017_10_31.xlsx", "2017-10-31"),
        ("dgos_ght_liste_290119_2.xlsx", "2019-01-29"),
        ("Listing CPTS_012026.xlsx", "2026-01"),
        ("Liste_GHT_2024.xlsx", "2024"),
        ("liste 15-03-2024 (1).xlsx", "2024-03-15"),
        ("liste.xlsx", None),
    ],
)
def test_vintages_in_the_names_that_the_ministry_gives(
    tmp_path: Path, name: str, expected: str | None
) -> None:
    batch = ght.read([write(tmp_path / name, HEADER_2024, ROWS_2024)], LoadContext())
    assert batch.sources[0].vintage == expected


def test_a_text_table_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    lines = [";".join(HEADER_2017), *(";".join(row) for row in ROWS_2017)]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    batch = ght.read([path], LoadContext(options={"vintage": "2017-10-31"}))
    assert len(memberships(batch)) == 4
    assert structures(batch)[CHIC].commune == "94028"


def bad(tmp_path: Path, *rows: Sequence[Any]) -> LoadBatch:
    return ght.read([write(tmp_path / "l.xlsx", HEADER_2024, [*ROWS_2024, *rows])], LoadContext())


def test_rows_that_do_not_hold_are_rejected_alone(tmp_path: Path) -> None:
    batch = bad(
        tmp_path,
        ["11", "Île-de-France", "", "", "940000573", ""],
        ["11", "Île-de-France", "11111", "Hôpitaux Confluence", "", ""],
        ["11", "Île-de-France", "11111", "Hôpitaux Confluence", "9,4011E+08", ""],
        ["11", "Île-de-France", "11111", "Hôpitaux Confluence", CHIV, ""],
    )
    assert [(item.row, item.code) for item in batch.report.rejections] == [
        ("ligne 6", "ght.no_group"),
        ("ligne 7", "ght.no_number"),
        ("ligne 8", "ght.bad_number"),
        ("ligne 9", "ght.duplicate"),
    ]
    assert (batch.report.read, batch.report.kept, batch.report.rejected) == (8, 4, 4)
    assert all(item.reason(lang) for item in batch.report.rejections for lang in ("fr", "en"))


def test_two_supports_are_no_support(tmp_path: Path) -> None:
    batch = bad(
        tmp_path,
        ["76", "Essai", "ES-9", "Essai", "990000011", "O"],
        ["76", "Essai", "ES-9", "Essai", "990000029", "oui"],
        ["76", "Essai", "ES-9", "Essai", "990000037", "peut-être"],
    )
    group = [item for item in memberships(batch).values() if item.group == "ght:code-es-9"]
    assert [item.role for item in group] == ["partie"] * 3
    assert {"ght.supports", "ght.support_value"} <= set(warned(batch))


def test_a_member_of_two_ght_is_said(tmp_path: Path) -> None:
    batch = bad(tmp_path, ["84", "Essai", "84101", "Essai Nord", CHIV, ""])
    (warning,) = [item for item in batch.report.warnings if item.code == "ght.several"]
    assert (warning.row, warning.value) == (f"FINESS {CHIV}", "11111, 84101")


def test_an_establishment_stands_for_its_legal_entity(tmp_path: Path, store: GraphStore) -> None:
    store.apply(reference.read([], LoadContext()))
    rows = [["11", "Île-de-France", "11111", "Hôpitaux Confluence", "940000573", "O"]]
    path = write(tmp_path / "l.xlsx", HEADER_2024, rows)
    batch = ght.read([path], LoadContext(store=store))
    assert list(memberships(batch)) == [f"{CHIC}>{CONFLUENCE}#support"]
    (warning,) = [item for item in batch.report.warnings if item.code == "ght.establishment"]
    assert (warning.value, warning.params["entity"]) == ("940000573", CHIC)


def test_renamed_columns_are_named_with_those_that_look_alike(tmp_path: Path) -> None:
    header = ["ARS", "GHT_KODE", "ES_FINES", "SUPPORT"]
    path = write(tmp_path / "l.xlsx", header, [["11", "11111", CHIC, "O"]])
    with pytest.raises(InputError) as caught:
        ght.read([path], LoadContext())
    message = caught.value.message("fr")
    assert "ES_FINES" in message
    assert "l.xlsx" in message


def test_a_list_with_no_sound_row_claims_and_removes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "l.xlsx", HEADER_2024, [["11", "", "11111", "X", "abc", ""]])
    batch = ght.read([path], LoadContext())
    assert (batch.claims, batch.parts) == ([], frozenset())
    assert [item.value for item in batch.report.rejections] == ["abc"]


def test_one_file_at_a_time(old: Path, new: Path) -> None:
    with pytest.raises(UsageError):
        ght.read([old, new], LoadContext())
    with pytest.raises(UsageError):
        ght.read([], LoadContext())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tabular.empty"),
        (b"%PDF-1.7 essai", "tabular.foreign.pdf"),
        (b"<!DOCTYPE html><html>erreur</html>", "tabular.foreign.html"),
        (b'{"type": "FeatureCollection"}', "finess.not_feed"),
        (b'{"gcc": [], "pmej": [{"inf', "finess.json_cut"),
    ],
)
def test_other_files_are_named_for_what_they_are(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        ght.read([path], LoadContext())
    assert caught.value.code == code
