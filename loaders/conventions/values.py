"""Cells read into values: one small reader for each kind of column.

A reader takes the text of a cell and what it may need besides; it returns the value, or raises
:class:`CellError` with the reason. Cells that say "nothing" never reach a reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from graph.identifiers import fold
from loaders.conventions.choices import APPROVALS, choose
from loaders.conventions.places import Places
from loaders.conventions.privacy import (
    Cleaned,
    clean_function,
    clean_text,
    is_generic,
)
from loaders.conventions.problems import CellError
from loaders.french_dates import DateError, DateOrder, parse_date

NOT_STATED = frozenset(
    (
        "",
        "nc",
        "n c",
        "nr",
        "nsp",
        "na",
        "n a",
        "so",
        "s o",
        "ras",
        "neant",
        "non renseigne",
        "non renseignee",
        "non communique",
        "non precise",
        "non precisee",
        "inconnu",
        "inconnue",
        "a completer",
        "a definir",
        "a preciser",
        "a determiner",
        "sans objet",
        "non applicable",
        "vide",
        "tbd",
        "n d",
        "nd",
    )
)
"""What people write in a cell to say nothing, folded; dashes and question marks fold to ``""``."""

YES = frozenset(("oui", "o", "x", "vrai", "1", "yes", "y", "true", "v", "ok"))
NO = frozenset(("non", "n", "faux", "0", "no", "false"))
FREE = frozenset(("gratuit", "gratuite", "a titre gracieux", "aucun", "sans incidence financiere"))
_AMOUNT = re.compile(
    r"([-+]?\d[\d ]*(?:[.,]\d+)*)\s*(k|m)?\s*(?:€|euros?|eur)?\s*(?:ttc|ht)?\s*(?:/|par)?\s*"
    r"(?:an|annee|année)?"
)
CELL_SPOILT = re.compile(r"#(?:REF!|N/A|VALUE!|VALEUR!|NAME\?|NOM\?|DIV/0!|NULL!|NUM!|NOMBRE!|#+)")


class Reading(NamedTuple):
    """What readers may need besides the cell.

    `mapped` are a profile's words for the values of a closed list, by field; `warn` takes the
    field, a code and a value to show: what was changed on the way (a number masked).
    """

    field: str
    order: DateOrder
    mapped: Mapping[str, Mapping[str, str]]
    places: Places
    persons: bool
    warn: Callable[..., None]

    def report(self, code: str, value: str | None = None) -> None:
        """Report something about the cell being read, without its value where it is personal."""
        self.warn(self.field, code, value)


def is_stated(cell: str) -> bool:
    """Tell whether a cell says something."""
    if cell.strip() in {"+", "*"}:
        return False
    return fold(cell) not in NOT_STATED or "€" in cell


def split_values(cell: str) -> list[str]:
    """Return the values of a cell that holds several: parted by ``;``, ``|``, lines or bullets."""
    parts = re.split(r"[;|\n•]|(?:^|\s)[-–](?=\s)", cell)
    return [part.strip(" ,.\t-–") for part in parts if is_stated(part)]


def split_list(cell: str) -> list[str]:
    """Return the values of a cell whose values hold no comma nor slash themselves."""
    return [
        item.strip()
        for part in split_values(cell)
        for item in re.split(r"[,/]", part)
        if item.strip()
    ]


def _text(cell: str, reading: Reading) -> str:
    return _reported(clean_text(cell), reading)


def _remark(cell: str, reading: Reading) -> tuple[str, ...]:
    return (_reported(clean_text(cell), reading),)


def _reported(cleaned: Cleaned, reading: Reading) -> str:
    for kind in cleaned.found:
        reading.report(f"masked_{kind}")
    return cleaned.text


def _date(cell: str, reading: Reading) -> str:
    try:
        return parse_date(cell, reading.order)
    except DateError as error:
        raise CellError(error.code) from None


def _choice(cell: str, reading: Reading) -> str:
    return choose(reading.field, cell, reading.mapped.get(reading.field))


def _choices(cell: str, reading: Reading) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_choice(item, reading) for item in split_list(cell)))


def _themes(cell: str, reading: Reading) -> tuple[str, ...]:
    mapped = reading.mapped.get(reading.field, {})
    found = (
        mapped.get(fold(item), item) for part in split_values(cell) for item in part.split(",")
    )
    return tuple(dict.fromkeys(item.strip() for item in found if item.strip()))


def _yes_no(cell: str, reading: Reading) -> bool:
    key = reading.mapped.get(reading.field, {}).get(fold(cell), fold(cell))
    if key in YES:
        return True
    if key in NO:
        return False
    raise CellError("unknown_value", value=cell, allowed="oui, non")


def _alive(cell: str, reading: Reading) -> bool:
    return _choice(cell, reading) == "vivante"


def _amount(cell: str, _reading: Reading) -> float:
    text = re.sub(r"[\u202f\xa0]", " ", cell.casefold()).strip()
    if fold(text) in FREE:
        return 0.0
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise CellError("amount_unreadable")
    return _decimal(found[1].replace(" ", "")) * {"k": 1e3, "m": 1e6}.get(found[2] or "", 1.0)


def _decimal(digits: str) -> float:
    """Read a number whose points and commas part thousands, the last one perhaps decimals."""
    head, mark, tail = re.fullmatch(r"(.*?)(?:([.,])(\d*))?", digits).groups()  # type: ignore[union-attr]
    other = {",": ".", ".": ","}.get(mark or "", "")
    if mark and len(tail) == 3 and not (other and other in head):  # noqa: PLR2004 - "12.500"
        head, tail = head + tail, ""
    whole = re.sub(r"[.,]", "", head)
    return float(f"{whole}.{tail or '0'}")


def _function(cell: str, reading: Reading) -> str | None:
    if reading.persons:
        return cell.strip()
    cleaned = clean_function(cell)
    for kind in cleaned.found:
        reading.report(f"left_out_{kind}" if kind == "person" else f"masked_{kind}")
    return cleaned.text or None


def _mailbox(cell: str, reading: Reading) -> str | None:
    for found in re.findall(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", cell):
        if reading.persons or is_generic(found):
            return str(found).casefold()
        reading.report("left_out_mailbox")
    if "@" not in cell:
        raise CellError("mailbox_unreadable")
    return None


def _lines(cell: str, reading: Reading) -> tuple[str, ...]:
    return tuple(_reported(clean_text(item), reading) for item in split_values(cell))


def _territory(cell: str, reading: Reading) -> tuple[str, ...]:
    found: list[str] = []
    for item in (part for text in split_values(cell) for part in text.split(",")):
        refs = reading.places.territories(item)
        if len(refs) == 1:
            found.append(refs[0])
        else:
            code = "territory_unknown" if not refs else "territory_ambiguous"
            reading.report(code, f"{item.strip()} ({', '.join(refs)})" if refs else item.strip())
    return tuple(dict.fromkeys(found))


def _document(cell: str, _reading: Reading) -> str:
    return cell.strip()


READERS: Mapping[str, Callable[[str, Reading], object]] = {
    "text": _text,
    "remark": _remark,
    "date": _date,
    "type": _choice,
    "pathway": _choices,
    "confidentiality": _choice,
    "direction": _choice,
    "themes": _themes,
    "yes_no": _yes_no,
    "alive": _alive,
    "amount": _amount,
    "function": _function,
    "mailbox": _mailbox,
    "lines": _lines,
    "territory": _territory,
    "document": _document,
}


def approval_body(cell: str) -> str:
    """Return the body whose approval a cell names.

    Raises
    ------
    CellError
        None of :data:`loaders.conventions.choices.APPROVALS`.
    """
    words = fold(cell).split()
    for body in APPROVALS:
        if fold(body) in words:
            return body
    raise CellError("unknown_value", value=cell, allowed=", ".join(APPROVALS))
