"""CSV and XLSX read back: same rows, types right, nothing that runs, nobody named unasked."""

import csv
import io
import zipfile
from datetime import datetime

import msgspec
import openpyxl
import pytest

from explorer.exports.columns import COLUMNS, about, heading
from explorer.exports.delimited import write_csv
from explorer.exports.options import TABLES, Options
from explorer.exports.plain_text import neutral, readable
from explorer.exports.rows import columns_of, table
from explorer.exports.workbook import write_xlsx
from graph.messages import LANGUAGES, text
from tests.support.confluence_synthetic import CHARITY, HOSTILE
from tests.support.export_world import DISCREET, FORMULA, MAILBOX, PERSON, material


def read_csv(content: bytes, separator: str = ";") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))


def with_options(material, **options):
    return msgspec.structs.replace(material, options=Options(**options))


@pytest.fixture(scope="module")
def workbook(made):
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(made)))


def sheet_rows(workbook, name: str) -> list[dict[str, object]]:
    rows = list(workbook[text(f"export.sheet.{name}")].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("name", TABLES)
def test_every_sheet_holds_every_row_under_headings_with_filters(workbook, made, name):
    sheet = workbook[text(f"export.sheet.{name}")]
    rows = table(made, name)
    heads = [heading(column, "fr") for column in columns_of(made, name)]
    assert [cell.value for cell in sheet[1]] == heads
    assert len(set(heads)) == len(heads)
    assert sheet.max_row == max(len(rows), 1) + 1 or not rows
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")


def test_types_are_those_of_the_values(workbook):
    rows = {row["Identifiant"]: row for row in sheet_rows(workbook, "agreements")}
    first, partial = rows["C-1"], rows["C-7"]
    assert first["Date de signature"] == datetime(2024, 1, 12)  # noqa: DTZ001 - Excel knows no time zone
    assert first["Reconduction tacite"] is True
    assert first["Préavis (mois)"] == 3
    assert partial["Fin"] == "2027-03"  # partial: text, as the source states it
    assert partial["Date d’effet"] == "2025"
    places = {row["Identifiant"]: row for row in sheet_rows(workbook, "structures")}
    assert places["990000010"]["Longitude"] == pytest.approx(2.45, abs=1e-6)
    assert places[CHARITY]["Longitude"] is None


def test_a_cell_never_starts_a_formula(workbook, made):
    titles = [row["Intitulé"] for row in sheet_rows(workbook, "agreements")]
    assert f"'{FORMULA}" in titles
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    written = read_csv(write_csv(with_options(made, table="agreements")))
    assert f"'{FORMULA}" in {row["Intitulé"] for row in written}


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "\u00a0@a"])
def test_every_start_of_a_formula_is_neutralised(start):
    assert neutral(start) == f"'{start}"


def test_plain_text_stays_as_it_is():
    assert neutral("L’Haÿ-les-Roses (a=b)") == "L’Haÿ-les-Roses (a=b)"
    assert readable("a\x00b\x1bc\ud800d\tе\n") == "abcd\tе\n"


def test_the_first_sheet_explains_every_column_and_names_the_sources(workbook, made):
    about_sheet = workbook["Lisez-moi"]
    assert workbook.sheetnames[0] == "Lisez-moi"
    rows = list(about_sheet.iter_rows(values_only=True))
    explained = {(row[0], row[1]) for row in rows if row[1]}
    for name in TABLES:
        title = text(f"export.sheet.{name}")
        assert {(title, heading(column, "fr")) for column in columns_of(made, name)} <= explained
    said = " ".join(str(row[0]) for row in rows)
    assert "Situation au 1er janvier 2026" in said
    assert "Registre synthétique" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_heading_and_an_explanation(language):
    columns = [column for listed in COLUMNS.values() for column in listed]
    assert all(heading(column, language) and about(column, language) for column in columns)


def test_csv_is_for_french_excel_by_default_and_for_others_on_request(made):
    french = write_csv(made)
    assert french.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in french
    rows = {row["Identifiant"]: row for row in read_csv(french)}
    assert rows["990000010"]["Longitude"] == "2,45"
    assert rows[CHARITY]["Nom"] == HOSTILE
    other = read_csv(write_csv(with_options(made, separator=",")), ",")
    assert {row["Identifiant"]: row for row in other}["990000010"]["Longitude"] == "2.45"
    assert [row["Identifiant"] for row in other] == list(rows)


def test_ties_read_back_are_those_of_the_network(made):
    rows = read_csv(write_csv(with_options(made, table="ties")))
    read = {(row["De (identifiant)"], row["À (identifiant)"], row["Lien (code)"]) for row in rows}
    assert read == {(tie.a, tie.b, tie.kind) for tie in made.answer.network.ties}


def test_what_is_restricted_stays_out_unless_asked(made, everything):
    assert DISCREET not in made.ids
    assert made.left_out == 1
    assert "C-6" not in {row["id"] for row in table(made, "agreements")}
    assert DISCREET in everything.ids
    assert everything.left_out == 0


def test_persons_stay_out_unless_asked(made, everything):
    def inside(content: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return parts.read("xl/sharedStrings.xml").decode()

    assert PERSON not in inside(write_xlsx(made))
    assert MAILBOX not in inside(write_xlsx(made))
    asked = inside(write_xlsx(everything))
    assert PERSON in asked
    assert MAILBOX in asked


def test_coverage_is_a_table_more_and_only_if_asked(url, made, workbook):
    assert "Couverture" not in workbook.sheetnames
    asked = material(url, coverage="commune")
    rows = table(asked, "coverage")
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(asked)))
    read = sheet_rows(book, "coverage")
    assert [row["Territoire (identifiant)"] for row in read] == [r["territory_ref"] for r in rows]
    assert {row["Territoire"] for row in read} == {"Synthville", "Faux-sur-Marne"}
    assert {row["Offre"] for row in read} == {None}  # no complete register: unknown, not zero
    clinics = {row["territory_name"]: row for row in rows if row["kind"] == "CLINIQUE"}
    assert clinics["Faux-sur-Marne"]["agreed"] >= 1
