"""SAE tables read by columns say the same as read line by line, row by row (synthetic tables)."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from graph.errors import InputError
from graph.store.port import LoadBatch
from loaders import sae
from loaders.base import LoadContext
from loaders.sae.tables import READ, TABLES

NUMBERS = (
    *("940000573", "940000599", "2a0000014", "750000481", "750000523", "130000001"),
    *("010000024", "10000024", "x"),
)
COUNTS = (
    *("", "0", "12", " 7 ", "12,0", "1 962", "12 lits", "12 places", "-3", "x", "ND", "1.962"),
    *("5", "17", str(10**13), "“4”", '"9"'),
)
CODES = ("", "14", "60", "95", "1", "3", "355", "500", "94028", "75056", "75112", "94010", "R")
TEXTS = ("", "CH DE L’ESSAI", 'LE "CÈDRE"', "CMS MUNICIPAL", " X ", "26940115400019", "; ;")
_FIGURES = {name for table in TABLES for m in (*table.capacity, *table.facts) for name in m.columns}


def cell(name: str) -> st.SearchStrategy[str]:
    """Return what a column may hold, mostly sound."""
    if name in _FIGURES or name.startswith("AUT"):
        return st.sampled_from(COUNTS)
    if name in {"RS", "RSCOM", "NOMVOI", "SIR"}:
        return st.sampled_from(TEXTS[:-1])
    return st.sampled_from(CODES)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Return the text of a table: its columns in any order, some lines damaged."""
    table = draw(st.sampled_from(TABLES))
    extra = draw(st.lists(st.sampled_from(READ), max_size=8))
    names = [*dict.fromkeys([*table.columns(), *table.other_columns(), *table.signs, *extra])]
    names = draw(st.permutations(names))
    fixed = {"BOR": (*[table.name] * 8, "MCO"), "AN": (*["2023"] * 8, "2022", "23"), "FI": NUMBERS}
    fixed |= {"FI_EJ": ("", "940110018", "9401x"), "DEP": ("94", "01", "")}
    if table.select:
        fixed[table.select[0]] = (*table.select[1], "DETAIL")
    columns = [st.sampled_from(fixed[n]) if n in fixed else cell(n) for n in names]
    rows = draw(st.lists(st.tuples(*columns), max_size=6))
    lines = [";".join(row) for row in rows]
    lines += draw(st.lists(st.sampled_from(("", ";;;", "MCO;2023;x", 'a;"b', "   ")), max_size=2))
    return "\n".join([";".join(names), *draw(st.permutations(lines)), ""])


def said(text: str, departements: tuple[str, ...]) -> tuple[object, ...]:
    """Return all that a load of a text says, or how it is refused."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_text(text, encoding="utf-8")
        try:
            batch = sae.read([path], LoadContext(departements=departements))
        except InputError as error:
            return error.code, {**error.params, "file": ""}
    return _content(batch)


def _content(batch: LoadBatch) -> tuple[object, ...]:
    return list(batch.claims), batch.report, batch.parts, batch.sources


def by_row(text: str, departements: tuple[str, ...]) -> tuple[object, ...]:
    """Read a text the slow way: each line by itself, each row by itself."""
    with ExitStack() as stack:
        stack.enter_context(patch("loaders.text_columns._whole", return_value=None))
        stack.enter_context(patch("loaders.sae.establishments.is_plain", return_value=False))
        return said(text, departements)


@given(files(), st.sampled_from([(), ("94",)]))
@example("BOR;AN;FI\n", ())
def test_columns_and_rows_say_the_same(text: str, departements: tuple[str, ...]) -> None:
    assert said(text, departements) == by_row(text, departements)
