"""Opening registers of every format, and files that are none. All registers are synthetic."""

import io
import os
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError
from loaders.conventions.workbook import MAX_BYTES, lock_file, open_register
from tests.support.registers import write_csv, write_ods, write_ole, write_xls, write_xlsx

CELLS = [["N°", "Intitulé", "Partenaires"], ["C-1", "Été à Créteil", "Clinique ; EHPAD"]]
ROWS = [{"N°": "C-1", "Intitulé": "Été à Créteil", "Partenaires": "Clinique ; EHPAD"}]


def _cells(path: Path) -> list[list[str]]:
    return [line.cells for line in open_register(path).sheets[0].lines]


def _refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        open_register(path)
    for language in ("fr", "en"):
        assert caught.value.message(language)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_text_in_any_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_csv(tmp_path / "registre.csv", ROWS, encoding, delimiter)
    assert _cells(path) == CELLS
    assert open_register(path).legacy_encoding is (encoding == "cp1252")


def test_workbooks_of_every_format_give_the_same_cells(tmp_path: Path) -> None:
    paths = (
        write_xlsx(tmp_path / "r.xlsx", CELLS),
        write_ods(tmp_path / "r.ods", CELLS),
        write_xls(tmp_path / "r.xls", CELLS),
    )
    for path in paths:
        assert _cells(path) == CELLS
        assert open_register(path).format == path.suffix[1:]


def test_content_counts_not_the_extension(tmp_path: Path) -> None:
    text = write_csv(tmp_path / "registre.xls", ROWS)
    book = write_xlsx(tmp_path / "classeur.xlsx", CELLS).rename(tmp_path / "classeur.csv")
    assert (open_register(text).format, open_register(book).format) == ("csv", "xlsx")


def test_dates_numbers_and_booleans_come_out_as_text(tmp_path: Path) -> None:
    cells = [[datetime(2024, 1, 31), 14, 1.5, True, "  é\xa0è "]]  # noqa: DTZ001 - a cell
    assert _cells(write_xlsx(tmp_path / "r.xlsx", cells)) == [
        ["2024-01-31", "14", "1.5", "oui", "é è"]
    ]


def test_a_line_break_in_a_quoted_cell_keeps_line_numbers(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text('titre;nom\n"a\nb";x\nc;y\n', encoding="utf-8")
    lines = open_register(path).sheets[0].lines
    assert [(line.number, line.cells[0]) for line in lines] == [(1, "titre"), (2, "a\nb"), (4, "c")]


def test_day_of_last_change_is_the_workbooks_own(tmp_path: Path) -> None:
    def dated(book: Any, _page: Any) -> None:
        book.set_properties({"created": datetime(2024, 5, 6)})  # noqa: DTZ001 - as Excel writes it

    path = write_xlsx(tmp_path / "r.xlsx", CELLS, more=dated)
    assert open_register(path).modified == date(2024, 5, 6)
    assert open_register(write_csv(tmp_path / "r.csv", ROWS)).modified is None


def test_what_a_sheet_hides_is_noted(tmp_path: Path) -> None:
    def spoil(_book: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(2, 2, 10, None, {"hidden": True})
        page.merge_range(3, 0, 5, 0, "fusion")
        page.write_formula(6, 1, "=A1", value="")
        page.write_formula(7, 1, "=1/0", value="#DIV/0!")

    notes = open_register(write_xlsx(tmp_path / "r.xlsx", CELLS, more=spoil)).sheets[0].read_notes()
    assert notes.hidden_rows == {2}
    assert notes.hidden_columns == {3}
    assert notes.merged == (((4, 1), (6, 1)),)
    assert notes.no_value == {(7, 2)}
    assert notes.in_error == {(8, 2)}


def test_ods_tells_hidden_rows_and_spans_xls_cannot(tmp_path: Path) -> None:
    ods = write_ods(tmp_path / "r.ods", CELLS, hidden=[2], spans={(1, 1): 2})
    notes = open_register(ods).sheets[0].read_notes()
    assert (notes.hidden_rows, notes.merged) == ({2}, (((1, 1), (2, 1)),))
    assert not open_register(write_xls(tmp_path / "r.xls", CELLS)).sheets[0].read_notes().checked


def test_files_that_are_no_register(tmp_path: Path) -> None:
    pdf = tmp_path / "a.xlsx"
    pdf.write_bytes(b"%PDF-1.7 " * 400)
    empty = tmp_path / "b.csv"
    empty.touch()
    torn = tmp_path / "c.xlsx"
    torn.write_bytes(write_xlsx(tmp_path / "d.xlsx", CELLS).read_bytes()[:3000])
    document = tmp_path / "e.docx"
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert _refused(tmp_path / "none.csv").code == "register.missing"
    assert _refused(tmp_path).code == "register.folder"
    assert _refused(empty).code == "register.empty_file"
    assert _refused(pdf).code == "tabular.foreign.pdf"
    assert _refused(torn).code == "register.damaged"
    assert _refused(document).code == "register.not_a_workbook"


def test_the_mark_of_an_open_file_is_not_the_register(tmp_path: Path) -> None:
    for name in ("~$registre.xlsx", ".~lock.registre.ods#"):
        path = tmp_path / name
        path.write_bytes(b"\x06Durand".ljust(165, b"\x00"))
        with pytest.raises(InputError) as caught:
            open_register(path)
        assert caught.value.code == "register.lock_file"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "enorme.csv"
    with path.open("wb") as stream:
        stream.truncate(300_000_000)
    error = _refused(path)
    assert error.code == "register.huge"
    assert "300" in error.message("fr")
    assert str(round(MAX_BYTES / 1e6)) in error.message("fr")


def test_a_password_is_told(tmp_path: Path) -> None:
    modern = write_ole(tmp_path / "a.xlsx", {"EncryptedPackage": b"x" * 5000})
    old = write_xls(tmp_path / "b.xls", CELLS, protected=True)
    free = write_ods(tmp_path / "c.ods", CELLS, manifest="<manifest:encryption-data/>")
    for path in (modern, old, free):
        assert _refused(path).code == "register.password"


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "r.xlsx", CELLS)
    target = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as bomb:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = data.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
            bomb.writestr(name, data)
    with pytest.raises(InputError) as caught:
        open_register(target).sheets[0].read_notes()
    assert caught.value.code == "register.unsafe_xml"


@pytest.mark.parametrize("name", ["~$registre.xlsx", ".~lock.registre.xlsx#"])
def test_a_register_open_elsewhere_is_read_and_told(tmp_path: Path, name: str) -> None:
    path = write_xlsx(tmp_path / "registre.xlsx", CELLS)
    assert not open_register(path).open_elsewhere
    (tmp_path / name).touch()
    assert open_register(path).open_elsewhere
    assert lock_file(path) == tmp_path / name


def test_a_register_that_excel_holds_says_to_close_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "registre.xlsx", CELLS)
    (tmp_path / "~$registre.xlsx").touch()

    def refused(*_args: object, **_more: object) -> io.BytesIO:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(Path, "open", refused)
    error = _refused(path)
    assert error.code == "register.open_elsewhere"
    assert "fermez-le" in error.message("fr")
    (tmp_path / "~$registre.xlsx").unlink()
    assert _refused(path).code == "register.unreadable"
