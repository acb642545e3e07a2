"""One row of a register, read into a cooperation and the structures that it alone speaks of."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import NamedTuple

from graph.dates import PartialDate, earliest, is_exact, latest
from graph.identifiers import slug
from graph.model import Approval, CooperationClaim, Fact, Party, StructureClaim
from loaders.conventions.choices import AMENDMENT, choose, label
from loaders.conventions.fields import FIELDS
from loaders.conventions.parties import Found, PartyReader, Stated, aligned
from loaders.conventions.privacy import clean_text
from loaders.conventions.problems import CellError
from loaders.conventions.row import Findings, Row, RowErrors
from loaders.conventions.status import contradiction, status_values
from loaders.conventions.term_columns import read_terms
from loaders.conventions.values import READERS, Reading, approval_body, split_values
from loaders.french_dates import DateError, parse_date

PARTNER_COLUMNS = (
    "partner_finess",
    "partner_commune",
    "partner_kind",
    "partner_role",
    "partner_level",
)
LINKS = ("parent", "replaces", "replaced_by")


class Draft(NamedTuple):
    """A row read: its claim, and the structures that no other source knows."""

    claim: CooperationClaim
    created: tuple[StructureClaim, ...]
    row: Row


class RowReader(NamedTuple):
    """Reads the rows of one register, dated `vintage`, for the source of that id."""

    reading: Reading
    parties: PartyReader
    vintage: PartialDate
    source: str

    def read(self, row: Row) -> Draft:
        """Read `row`.

        Raises
        ------
        RowErrors
            The row cannot be taken, for all the reasons found.
        """
        return _RowWork(self, row).draft()


class _RowWork:
    """One row being read."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self.row = row
        self.findings = Findings(row)
        self.reading = reader.reading._replace(warn=row.warn)
        self.parties = reader.parties._replace(warn=partial(row.warn, "partners"))
        self.vintage = reader.vintage
        self.source = reader.source
        self.values: dict[str, object] = self._simple()
        self.is_amendment = row.cell("parent") is not None or self.values.get("type") == AMENDMENT

    def draft(self) -> Draft:
        """Return the row read, or raise all that is wrong with it."""
        self._terms()
        found = self.findings.attempt(self._partners, "partners") or ()
        own = self.findings.attempt(self._own, "signatory") or ()
        self.values["parties"] = _distinct((*own, *(item.party for item in found)))
        self.findings.attempt(self._sites, "sites")
        self.findings.attempt(self._approvals, "approvals")
        self._links()
        status = self.findings.attempt(self._status, "status")
        self._order()
        ident = self._ident()
        if self.findings.errors or ident is None:
            raise RowErrors(self.findings.errors)
        claim = CooperationClaim(
            id=ident,
            source=self.source,
            locator=self.row.locator,
            **self.values,  # type: ignore[arg-type]
        )
        self._compare(claim, status)
        return Draft(claim, tuple(item.created for item in found if item.created), self.row)

    def _simple(self) -> dict[str, object]:
        """Read the columns that stand for themselves."""
        values: dict[str, object] = {}
        for field in FIELDS:
            cell = self.row.cell(field.id) if field.reader else None
            if cell is None:
                continue
            read = READERS[field.reader]
            at = self.reading._replace(field=field.id)
            value = self.findings.attempt(partial(read, cell, at), field.id)
            if value is not None and value not in ("", ()):
                values[field.id] = value
        return values

    def _terms(self) -> None:
        terms = read_terms(self.findings, self.reading.order)
        window_start = terms.pop("effective", None)
        if window_start is not None:
            self.values.setdefault("effective", window_start)
        self.values |= terms
        effect = self.row.cell("amendment_effect")
        if effect:
            cleaned = clean_text(effect)
            for kind in cleaned.found:
                self.row.warn("amendment_effect", f"masked_{kind}")
            facts = self.values.get("facts", ())
            assert isinstance(facts, tuple)  # noqa: S101 - set by read_terms alone
            self.values["facts"] = (*facts, Fact(topic="effet_avenant", value=cleaned.text))

    def _partners(self) -> tuple[Found, ...]:
        names = self.parties.split(self.row.cell("partners") or "")
        columns = {name: split_values(self.row.cell(name) or "") for name in PARTNER_COLUMNS}
        names = names or [""] * len(columns["partner_finess"])
        if not names:
            if self.is_amendment:
                return ()
            raise CellError("partner_missing")
        found = []
        for name, beside in zip(names, aligned(columns, len(names)), strict=True):
            stated = Stated(name, **beside)
            found.append(self.findings.attempt(partial(self.parties.resolve, stated), "partners"))
        return tuple(item for item in found if item is not None)

    def _own(self) -> tuple[Party, ...]:
        function = self.values.pop("signatory_function", None)
        cell = self.row.cell("signatory")
        if cell is None:
            among = self.parties.split(self.row.cell("partners") or "")
            if self.is_amendment or any(map(self.parties.own.find, among)):
                return ()
        return self.parties.own.parties(cell, str(function) if function else None)

    def _sites(self) -> None:
        cell = self.row.cell("sites")
        if cell is not None:
            self.values["sites"] = self.parties.own.sites(cell)
            self.values["sites_stated"] = True

    def _approvals(self) -> None:
        given = {
            approval_body(item): _date_in(item)
            for item in _listed(self.row.cell("approvals_given"))
        }
        needed = [approval_body(item) for item in _listed(self.row.cell("approvals"))]
        bodies = dict.fromkeys((*needed, *given))
        if bodies:
            self.values["approvals"] = tuple(
                Approval(body=body, given=True if body in given else None, date=given.get(body))
                for body in bodies
            )

    def _links(self) -> None:
        if self.values.get("type") == AMENDMENT:
            del self.values["type"]
            if self.row.cell("parent") is None:
                self.findings.add(CellError("amendment_without_parent"), "type")
        for name in LINKS:
            cell = self.row.cell(name)
            if cell is not None:
                self.values[name] = tidy_number(cell)

    def _status(self) -> str | None:
        cell = self.row.cell("status")
        if cell is None:
            return None
        status = choose("status", cell, self.reading.mapped.get("status"))
        added = status_values(status, self.values, self.vintage)
        if any(str(value).startswith("..") for value in added.values()):
            self.row.warn(
                "status", "status_without_date", cell, date=_shown(latest(self.vintage).isoformat())
            )
        self.values |= added
        return status

    def _order(self) -> None:
        """Check that no end is before its start."""
        end, start = (
            self.values.get("end"),
            self.values.get("effective") or self.values.get("signed"),
        )
        if end and start and latest(PartialDate(str(end))) < earliest(PartialDate(str(start))):
            self.findings.add(
                CellError("end_before_start", value=_shown(end), start=_shown(start)), "end"
            )

    def _ident(self) -> str | None:
        """Return the register's number, else a slug of the title and partners."""
        number = self.row.cell("number")
        if number is not None:
            return tidy_number(number)
        title = self.values.get("title") or self.values.get("object")
        if not title:
            self.findings.add(CellError("unnamed"), "title")
            return None
        partners = " ".join(self.parties.split(self.row.cell("partners") or ""))
        return slug(f"{title} {partners} {self.row.cell('parent') or ''}")[:120].strip("-")

    def _compare(self, claim: CooperationClaim, status: str | None) -> None:
        """Warn where the dates say another status than the one written."""
        other = contradiction(claim, status, latest(self.vintage)) if status else None
        if other and not _same_running(status, other):
            self.row.warn(
                "status", "status_differs", self.row.cell("status"), computed=label("status", other)
            )


def _shown(value: object) -> str:
    """Return a date as registers write it: a whole day in figures, the rest as it is kept."""
    written = str(value)
    if not is_exact(PartialDate(written)):
        return written
    return date.fromisoformat(written).strftime("%d/%m/%Y")


def _same_running(status: str | None, other: str) -> bool:
    """Tell whether two statuses differ only in what a register leaves unsaid."""
    return {status, other} <= {"en_vigueur", "attestee", "reconduite"}


def _distinct(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Keep each structure once a role."""
    return tuple({(item.structure, item.role): item for item in reversed(parties)}.values())[::-1]


def _listed(cell: str | None) -> list[str]:
    return [
        item.strip()
        for part in split_values(cell or "")
        for item in re.split(r",(?![^(]*\))", part)
        if item.strip()
    ]


def _date_in(item: str) -> PartialDate | None:
    """Return the date written beside a body: ``ARS (12/03/2024)``."""
    try:
        return parse_date(re.sub(r"^\W*\w+\W*", "", item).strip(" ()"))
    except DateError:
        return None


def tidy_number(number: str) -> str:
    """Return a register's number as a key: spaces reduced, otherwise as written."""
    return re.sub(r"\s+", " ", number).strip()
