"""The columns that together say how long an agreement holds: end, duration, renewal, notice."""

from __future__ import annotations

import re

from graph.identifiers import fold
from graph.model import Fact
from loaders.conventions.problems import CellError
from loaders.conventions.row import Findings
from loaders.conventions.terms import (
    Terms,
    months,
    parse_count,
    parse_duration,
    parse_notice,
    parse_renewal,
)
from loaders.french_dates import DateError, DateOrder, parse_date

_UNIT = re.compile(r"\b(mois|ans?|annees?|jours?|months?|years?|days?)\b")
_NO_TERM = re.compile(r"\b(?:indetermine|illimite|sans terme|sans limit|perenne)")


def read_terms(findings: Findings, order: DateOrder) -> dict[str, object]:
    """Return the term that the row states; a column of its own wins over another's."""
    found: dict[str, object] = {}
    for field in ("end", "duration", "period"):
        found |= findings.attempt(lambda at=field: _limits(findings, at, order), field) or {}  # type: ignore[misc]
    for field, read in (("renewal", parse_renewal), ("notice", parse_notice)):
        cell = _with_unit(findings, field)
        if cell is not None:
            terms = findings.attempt(lambda text=cell, parse=read: parse(text), field)  # type: ignore[misc]
            found |= _stated(findings, field, terms or Terms())
    period = _with_unit(findings, "renewal_period")
    if period is not None:
        found |= findings.attempt(lambda: _renewal_period(period), "renewal_period") or {}
    limit = findings.row.cell("renewals_limit")
    if limit is not None:
        count = findings.attempt(lambda: parse_count(limit), "renewals_limit")
        found |= {} if count is None else {"renewals_limit": count}
    return found


def _with_unit(findings: Findings, field: str) -> str | None:
    """Return the cell of `field`; a bare number takes the unit of the heading ("Durée (mois)")."""
    cell = findings.row.cell(field)
    if cell is None or not re.fullmatch(r"\s*\d+(?:[.,]\d+)?\s*", cell):
        return cell
    unit = _UNIT.search(fold(findings.row.headings.get(field, "")))
    return f"{cell} {unit[0]}" if unit else cell


def _limits(findings: Findings, field: str, order: DateOrder) -> dict[str, object]:
    """Read an end, a length or a window, whichever of them the cell holds."""
    cell = _with_unit(findings, field)
    if cell is None:
        return {}
    if field == "end":
        if _NO_TERM.search(fold(cell)):
            return {"indefinite": True}
        return {"end": _date(cell, order)}
    window = _window(cell, order)
    if window:
        return window
    if field == "period":
        raise CellError("date_unreadable")
    return _stated(findings, field, parse_duration(cell))


def _window(cell: str, order: DateOrder) -> dict[str, object]:
    """Return effect and end where the cell gives both."""
    try:
        start, separator, end = parse_date(cell, order).partition("..")
    except DateError:
        return {}
    return {"effective": start, "end": end} if separator and start and end else {}


def _date(cell: str, order: DateOrder) -> str:
    try:
        return parse_date(cell, order)
    except DateError as error:
        raise CellError(error.code) from None


def _stated(findings: Findings, field: str, terms: Terms) -> dict[str, object]:
    if terms.rounded:
        findings.row.warn(field, "length_rounded", findings.row.cell(field))
    values = {
        name: value
        for name, value in terms._asdict().items()
        if value is not None and name not in {"stated", "rounded"}
    }
    if terms.stated:
        values["facts"] = (Fact(topic="duree", value=terms.stated),)
    return values


def _renewal_period(cell: str) -> dict[str, object]:
    length = months(cell)
    if length is None:
        raise CellError("length_unreadable")
    return {"renewal_months": length[0]}
