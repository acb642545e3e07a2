"""Lists of partners that authorities publish as tables: header found by its words, rows by column.

A list is a workbook (XLSX, XLS, ODS) or a text table; titles may stand above its header, and its
columns are named differently from year to year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from graph.dates import PartialDate, latest, partial
from graph.errors import InputError
from graph.identifiers import fold
from graph.store.port import GraphStore
from loaders import tabular
from loaders.base import LoadContext, Reporter
from loaders.conventions.raw_sheet import Sheet, as_text
from loaders.conventions.workbook import open_register
from loaders.french_dates import DateError, parse_date
from loaders.list_tables import ListTable, table_of

Columns = Mapping[str, Sequence[str]]
"""For each column that a loader reads: the headings it is known under, folded."""

FileKind = Literal["workbook", "json", "text"]

HEADER_WITHIN = 25
"""Lines that are looked at for the header: lists begin with a few lines of title."""
_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_IN_NAME = (
    re.compile(r"(?<!\d)(?P<year>20\d{2})[-_. ]?(?P<month>\d{2})[-_. ]?(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{2})[-_. ]?(?P<month>\d{2})[-_. ]?(?P<year>20\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<month>\d{2})[-_. ]?(?P<year>20\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d{2})[-_. ]?(?P<month>0[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d{2})(?!\d)"),
)
_IN_TITLE = re.compile(
    r"(?:\b\d{1,2}(?:er)?[ /.-])?(?:\b\d{1,2}[/.-]|\b[a-zà-ÿ]{3,9}\.? )20\d{2}\b"
    r"|\b20\d{2}-\d{2}(?:-\d{2})?\b",
    re.IGNORECASE,
)
"""A date with its month: a year alone may be that of a plan."""


_NUMBERED = re.compile(r"(?: \d+)+$")


class Vintage(NamedTuple):
    """The date that a list describes, and whether only the name of its file tells."""

    date: PartialDate | None
    from_name: bool = False


def file_kind(path: Path) -> FileKind:
    """Tell what `path` holds from its first bytes.

    Raises
    ------
    InputError
        Missing, empty, a folder, or a web page, PDF... under another name.
    """
    tabular.check_file(path)
    with path.open("rb") as stream:
        if stream.read(4).startswith(_CONTAINERS):
            return "workbook"
    start = tabular.head(path).removeprefix(b"\xef\xbb\xbf").lstrip()
    return "json" if start[:1] in {b"{", b"["} else "text"


def read_list(path: Path, columns: Columns, required: Sequence[str]) -> ListTable:
    """Read the list at `path`: the first visible sheet with a header that has what is `required`.

    Parameters
    ----------
    path : Path
        A workbook or a text table.
    columns : mapping
        Headings of each column, folded.
    required : sequence of str
        Columns without which the list is of no use; ``a|b`` asks for one of two.

    Raises
    ------
    InputError
        Not a table, or no header; the message says which columns miss and which look alike.
    """
    sheets = sorted(open_register(path).sheets, key=lambda sheet: not sheet.visible)
    nearest: tuple[int, list[str]] | None = None
    for sheet in sheets:
        above: list[str] = []
        for position, cells in islice(_filled(sheet), HEADER_WITHIN):
            found = find_columns(cells, columns)
            if not _missing(found, required):
                return table_of(sheet, position, found, above)
            if nearest is None or len(found) > nearest[0]:
                nearest = len(found), cells
            above.append(" ".join(filter(None, cells)))
    raise _no_header(path, nearest[1] if nearest else [], columns, required)


def _filled(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a sheet that hold a text, and their positions."""
    for position, row in enumerate(sheet.rows):
        cells = [as_text(cell) for cell in row]
        if any(cells):
            yield position, cells


def find_columns(cells: Sequence[str], columns: Columns) -> dict[str, int]:
    """Return the place of each column whose heading `cells` has; the first heading known wins.

    Years and numbers at the end of a heading are not compared: they change from year to year.
    """
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(_NUMBERED.sub("", fold(cell)), place)
    found: dict[str, int] = {}
    for column, names in columns.items():
        known = [places[name] for name in names if name in places]
        free = [place for place in known if place not in found.values()]
        if free:
            found[column] = free[0]
    return found


def _missing(found: Mapping[str, int], required: Sequence[str]) -> list[str]:
    return [name for name in required if not any(part in found for part in name.split("|"))]


def _no_header(
    path: Path, cells: Sequence[str], columns: Columns, required: Sequence[str]
) -> InputError:
    missing = _missing(find_columns(cells, columns), required)
    wanted = {name: [columns[part][0] for part in name.split("|")] for name in missing}
    shown = [cell for cell in cells if cell]
    alike = [
        f"{name} ≈ {other}"
        for name, headings in wanted.items()
        for other in dict.fromkeys(o for h in headings for o in tabular.lookalikes(h, shown))
    ]
    return InputError(
        "tabular.columns_alike" if alike else "tabular.columns",
        file=str(path),
        missing=", ".join(" / ".join(headings) for headings in wanted.values()),
        alike=", ".join(alike),
        found=", ".join(shown)[:300] or "–",
    )


def vintage_of(
    path: Path, context: LoadContext, titles: Sequence[str], reporter: Reporter
) -> Vintage:
    """Return the date of a list: as asked (option ``vintage``), else its title, else its name.

    Raises
    ------
    InputError
        The option is no date.
    """
    asked = context.options.get("vintage")
    if asked:
        try:
            return Vintage(parse_date(asked))
        except DateError:
            raise InputError("lists.vintage", value=asked) from None
    for match in (found for title in titles for found in _IN_TITLE.finditer(title)):
        try:
            return Vintage(parse_date(match[0]))
        except DateError:
            continue
    named = _date_in_name(path.stem)
    if named is None:
        reporter.warn(path.name, "lists.no_vintage")
    return Vintage(named, from_name=named is not None)


def _date_in_name(name: str) -> PartialDate | None:
    for pattern in _IN_NAME:
        for match in pattern.finditer(name):
            parts = match.groupdict()
            year = parts["year"] if len(parts["year"]) > 2 else f"20{parts['year']}"  # noqa: PLR2004
            text = "-".join([year, *(parts[key] for key in ("month", "day") if parts.get(key))])
            try:
                return partial(text)
            except ValueError:
                continue
    return None


def warn_if_older(
    store: GraphStore | None, source: str, vintage: PartialDate | None, reporter: Reporter
) -> None:
    """Warn of a list that is older than the one that the store holds of the same series."""
    if store is None or vintage is None:
        return
    stored = next((item.vintage for item in store.sources() if item.id == source), None)
    if stored and latest(stored) > latest(vintage):
        reporter.warn(source, "lists.older", value=vintage, stored=stored)
