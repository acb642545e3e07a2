"""Quotes in free texts: sound ones are read as CSV has them, stray ones spoil nobody else's row."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from loaders.quoted_rows import QuotedRows
from loaders.text_columns import Header

HEADER = Header(0, ["finessEt", "prixHebPermCs", "AUTRE", "TARIF_GIR_12", "AUTRES"], ";")
words = st.text(alphabet='ab ,é<>"', max_size=6)
sound = st.text(alphabet='ab;"\n', max_size=8)
Rows = list[tuple[int, list[str]]]


def as_csv_has_it(text: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    rows, before = [], 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((before + 1, cells))
        before = reader.line_num
    return rows


def read(text: str) -> Rows:
    lines = text.removesuffix("\n").split("\n")
    return list(QuotedRows(lines, HEADER, 0, lambda cell: cell.startswith("94")))


def written(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue()


def row(number: int, one: str, other: str) -> list[str]:
    return [f"94{number:07d}", "50", one, "20", other]


@given(st.lists(st.tuples(sound, sound), max_size=6))
def test_sound_quotes_are_read_as_csv_has_them(texts: list[tuple[str, str]]) -> None:
    text = written([row(number, *both) for number, both in enumerate(texts)])
    assert read(text) == as_csv_has_it(text)


@given(st.lists(st.tuples(words, words), max_size=6))
def test_stray_quotes_move_no_cell(texts: list[tuple[str, str]]) -> None:
    lines = [";".join(row(number, *both)) for number, both in enumerate(texts)]
    found = read("\n".join(lines))
    assert [line for line, _ in found] == list(range(1, len(texts) + 1))
    for number, ((_, cells), (one, other)) in enumerate(zip(found, texts, strict=True)):
        if one.startswith('"') and other.endswith('"') and len(cells) == 3:
            continue  # sound quotes around what was several cells: a row to reject
        assert [cells[0], cells[1], cells[3]] == [f"94{number:07d}", "50", "20"]


def test_a_row_cut_within_sound_quotes_is_not_filled_up_from_them() -> None:
    (row_read,) = read('940000001;50;"Coiffeur;20;repas"\n')
    assert len(row_read[1]) == 3
    (row_read,) = read('940000001;50;"Coiffeur;20\nrepas"\n')
    assert len(row_read[1]) == 3


@given(st.lists(st.tuples(st.booleans(), words, sound, sound), max_size=6))
def test_a_row_with_stray_quotes_swallows_no_other(
    made: list[tuple[bool, str, str, str]],
) -> None:
    lines = [
        ";".join(row(number, word, "")) + "\n" if stray else written([row(number, one, other)])
        for number, (stray, word, one, other) in enumerate(made)
    ]
    found = read("".join(lines)) if lines else []
    assert [cells[0] for _, cells in found] == [f"94{number:07d}" for number in range(len(made))]
    for (stray, _, one, other), (_, cells) in zip(made, found, strict=True):
        assert cells[1] == "50"
        assert cells[3] == "20"
        assert stray or [cells[2], cells[4]] == [one, other]
