"""Stays by commune: what is kept, what is refused and why; nothing of a small cell is repeated."""

import pytest

from graph.errors import InputError
from loaders.recruitment import read_recruitment


def put(tmp_path, text, name="sejours.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_and_numbers_are_read(tmp_path):
    path = put(tmp_path, "Code INSEE;Nb séjours\n94028;1 200\n75113;11\n94001;0\n;\n")
    found = read_recruitment(path)
    assert found.stays == {"94028": 1200, "75113": 11, "94001": 0}
    assert found.refused == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("94001;10", "small"),
        ("94001;1", "small"),
        ("94001;-3", "number"),
        ("94001;12,5", "number"),
        ("94001;douze", "number"),
        ("94001;nan", "number"),
        ("75056;500", "commune"),
        ("99999;500", "commune"),
        ("94028;40", "twice"),
    ],
)
def test_rows_are_refused_with_their_reason(tmp_path, row, code):
    path = put(tmp_path, f"commune;sejours\n94028;100\n{row}\n")
    found = read_recruitment(path)
    assert found.stays == {"94028": 100}
    (refused,) = found.refused
    assert (refused.code, refused.row) == (f"recruitment.{code}", "ligne 3")
    assert refused.reason("fr")
    assert refused.reason("en")


def test_a_small_number_is_not_repeated(tmp_path):
    path = put(tmp_path, "commune;sejours\n94028;100\n94001;7\n")
    (refused,) = read_recruitment(path).refused
    assert "7" not in refused.reason("fr")


@pytest.mark.parametrize(
    "text",
    ["commune;sejours\n94001;3\n", "commune;sejours\n", "commune;lits\n94028;100\n", "x\n"],
)
def test_a_file_of_which_nothing_can_be_kept_is_refused(tmp_path, text):
    with pytest.raises(InputError):
        read_recruitment(put(tmp_path, text))
