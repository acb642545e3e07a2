"""FINESS numbers as CNSA files write them."""

from __future__ import annotations

from graph.identifiers import is_finess

FINESS_LENGTH = 9


def finess_of(cell: str) -> str | None:
    """Return the FINESS number of a cell; a zero that a spreadsheet lost is put back.

    Eight digits are the number of a département 01 to 09: no other begins with a zero.
    """
    if len(cell) == FINESS_LENGTH and cell.isdecimal():  # most are: this is quicker
        return cell
    if is_finess(cell):
        return cell.upper()
    number = cell.strip().upper().replace(" ", "")
    if len(number) == FINESS_LENGTH - 1 and number.isdigit() and number[0] != "0":
        number = f"0{number}"
    return number if is_finess(number) else None
