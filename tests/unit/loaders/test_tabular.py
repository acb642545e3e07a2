"""Reading of text tables, on small synthetic files."""

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.messages import LANGUAGES
from loaders import tabular


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def lines(path: Path, block: int = tabular.BLOCK) -> list[str]:
    return [line.decode() for part in tabular.read_lines(path, block=block) for line in part.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_any_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path / "synthetic.csv", "nom;ville\r\nÉté;L'Haÿ\r\n".encode(encoding))
    table = tabular.read_text_table(path)
    assert table.header == ["nom", "ville"]
    assert table.rows == [(2, ["Été", "L'Haÿ"])]
    assert table.legacy == (encoding in {"cp1252", "latin-1"})


def test_a_utf8_line_inside_a_latin_file_is_read_and_numbered(tmp_path: Path) -> None:
    data = b"".join(["é\n".encode("cp1252"), "è\n".encode("cp1252"), "ô\n".encode()])
    path = put(tmp_path / "synthetic.csv", data)
    (part,) = tabular.read_lines(path)
    assert [line.decode() for line in part.lines] == ["é", "è", "ô"]
    assert part.legacy
    assert part.mixed == [3]


def test_a_latin_line_inside_a_utf8_file_is_read_and_numbered(tmp_path: Path) -> None:
    data = b"".join(["é\n".encode(), "ô\n".encode("cp1252"), "è\n".encode()])
    (part,) = tabular.read_lines(put(tmp_path / "synthetic.csv", data))
    assert [line.decode() for line in part.lines] == ["é", "ô", "è"]
    assert part.mixed == [2]


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1000])
def test_blocks_cut_no_line(tmp_path: Path, block: int) -> None:
    path = put(tmp_path / "synthetic.csv", "\ufeffé;1\r\nè;2\nô;3".encode())
    assert lines(path, block) == ["é;1", "è;2", "ô;3"]


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    path = put(tmp_path / "synthetic.csv", b"a;b\r1;2\r\n3;4\r")
    assert tabular.read_text_table(path).rows == [(2, ["1", "2"]), (3, ["3", "4"])]


def test_a_table_that_the_parser_gives_up_says_so(tmp_path: Path) -> None:
    path = put(tmp_path / "synthetic.csv", b'a;b\n"' + b"x" * 200_000)
    with pytest.raises(InputError) as caught:
        tabular.read_text_table(path)
    assert caught.value.code == "tabular.damaged"
    assert all(str(path) in caught.value.message(language) for language in LANGUAGES)


def test_line_numbers_go_on_over_blocks(tmp_path: Path) -> None:
    path = put(tmp_path / "synthetic.csv", b"aa\nbb\ncc\ndd\n")
    parts = [part for part in tabular.read_lines(path, block=4) if part.lines]
    numbered = [(part.first + i, line) for part in parts for i, line in enumerate(part.lines)]
    assert numbered == [(1, b"aa"), (2, b"bb"), (3, b"cc"), (4, b"dd")]


def test_a_compressed_file_is_read(tmp_path: Path) -> None:
    path = put(tmp_path / "synthetic.csv.gz", gzip.compress(b"a;b\n1;2\n"))
    assert lines(path) == ["a;b", "1;2"]


def test_quoted_cells_keep_their_line_breaks_and_rows_their_number(tmp_path: Path) -> None:
    path = put(tmp_path / "synthetic.csv", b'a,b\n"x\ny","he said ""no"""\n\n3,4\n')
    table = tabular.read_text_table(path)
    assert table.delimiter == ","
    assert table.rows == [(2, ["x\ny", 'he said "no"']), (5, ["3", "4"])]


CASES = {
    "pdf": b"%PDF-1.7\n\x00\x01",
    "zip": b"PK\x03\x04rest",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "html": b"\n  <!DOCTYPE html><html></html>",
    "xml": b"\xef\xbb\xbf<?xml version='1.0'?>",
    "seven_zip": b"7z\xbc\xaf\x27\x1c",
    "binary": b"a;b\x00\x00\x01",
}


@pytest.mark.parametrize("name", CASES)
def test_another_format_under_the_name_csv_is_named(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / "synthetic.csv", CASES[name])
    with pytest.raises(InputError) as caught:
        list(tabular.read_lines(path))
    assert caught.value.code == f"tabular.foreign.{name}"
    for language in LANGUAGES:
        assert str(path) in caught.value.message(language)


def test_a_truncated_gzip_says_so(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(b"%d;%d\n" % (i, i * i) for i in range(5000)))
    path = put(tmp_path / "synthetic.csv.gz", whole[: len(whole) // 2])
    with pytest.raises(InputError) as caught:
        list(tabular.read_lines(path))
    assert caught.value.code == "tabular.truncated_gzip"


def test_a_damaged_gzip_says_so(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(b"".join(b"%d;%d\n" % (i, i * i) for i in range(5000))))
    whole[200:260] = bytes(60)
    with pytest.raises(InputError) as caught:
        list(tabular.read_lines(put(tmp_path / "synthetic.gz", bytes(whole))))
    assert caught.value.code in {"tabular.bad_gzip", "tabular.truncated_gzip"}


@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_an_empty_file_says_so(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        list(tabular.read_lines(put(tmp_path / "synthetic.csv", data)))
    assert caught.value.code == "tabular.empty"


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.csv", "missing"), (tmp_path, "folder")):
        with pytest.raises(InputError) as caught:
            tabular.head(path)
        assert caught.value.code == f"tabular.{code}"


def test_missing_columns_are_named_with_those_that_look_alike() -> None:
    with pytest.raises(InputError) as caught:
        tabular.require_columns(["Numero finess", "ville"], ["numero_finess", "nom"], Path("f.csv"))
    for language in LANGUAGES:
        message = caught.value.message(language)
        assert "numero_finess ≈ Numero finess" in message
        assert "nom" in message
    tabular.require_columns(["a", "b"], ["b"], Path("f.csv"))


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int | None]] = []
    path = put(tmp_path / "synthetic.csv", b"a;b\n" * 100)
    list(tabular.read_lines(path, block=64, progress=lambda *call: seen.append(call)))
    assert seen[-1] == ("progress.reading", 400, 400)


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a; b ;c", ["a", "b", "c"]),
        ('"a;b";"c ""d"""', ["a;b", 'c "d"']),
        ('"a;b;c', ['"a', "b", "c"]),
        ('a 12" b;c', ['a 12" b', "c"]),
        ("a\rb;c", ["a\rb", "c"]),
    ],
)
def test_cells_of_one_line(line: str, cells: list[str]) -> None:
    assert tabular.cells_of(line, ";") == cells


NO_LETTER = b"\x00\r\n\x81\x8d\x8f\x90\x9d"
"""Ends of lines, and what Windows-1252 has no letter for."""

sound_bytes = st.binary(max_size=12).map(lambda data: data.translate(None, NO_LETTER))


@given(st.lists(sound_bytes.filter(bytes.strip), min_size=1, max_size=4))
def test_each_line_is_utf8_or_else_windows(written: list[bytes]) -> None:
    expected = []
    for line in written:
        try:
            expected.append(line.decode())
        except UnicodeDecodeError:
            expected.append(line.decode("cp1252"))
    with tempfile.TemporaryDirectory() as folder:
        assert lines(put(Path(folder) / "synthetic.csv", b"x\n" + b"\n".join(written))) == [
            "x",
            *expected,
        ]
