"""Legal entities (EJ): what they say of their establishments, and their own claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graph.dates import PartialDate
from graph.identifiers import is_finess
from graph.model import StructureClaim
from graph.store.port import GraphStore, StructureQuery
from loaders import kinds
from loaders.base import Reporter
from loaders.columns import Table
from loaders.finess.records import row_name
from loaders.finess.values import (
    Place,
    address,
    classic_place,
    clean,
    lost_zero,
    read_date,
    street_type,
)
from loaders.text_columns import LINE

SOURCE = "finess-etalab-ej"


class Manager(NamedTuple):
    """What is known of a legal entity. `person` holds the names of a natural person, else none."""

    form: str | None = None
    municipal: bool | None = None
    legal_status: str | None = None
    person: frozenset[str] = frozenset()


UNKNOWN = Manager()


def manager(form: str | None, *names: str | None) -> Manager:
    """Return what the legal status code and the names of an entity, the longest first, say."""
    said = [clean(name) for name in names if name]
    person = frozenset(said) if form == kinds.NATURAL_PERSON else frozenset()
    return Manager(form or None, kinds.is_municipal(form, next(iter(said), None)), None, person)


def part_of(departement: str) -> str:
    """Return the part of a legal entity: apart from the establishments of its département.

    Both files make one series; loading one must not remove what the other brought.
    """
    return f"ej:{departement}"


def managers_of(tables: Iterable[Table]) -> dict[str, Manager]:
    """Return what a file of legal entities says of each."""
    found: dict[str, Manager] = {}
    for table in tables:
        columns = (table.column(name).to_pylist() for name in _MANAGER_COLUMNS)
        for written, departement, form, short, long in zip(*columns, strict=True):
            number = entity_number(written, departement)
            found[number] = manager(form.zfill(2) if form else None, long, short)
    return found


def managers_in_store(store: GraphStore, ids: Iterable[str]) -> dict[str, Manager]:
    """Return what the store knows of legal entities, by number."""
    query = StructureQuery(ids=frozenset(ids), levels=frozenset({"EJ"}))
    codes = kinds.form_codes()
    found = {}
    for item in store.structures(query):
        form = codes.get(item.legal_form or "")
        known = kinds.is_municipal(form, item.name)
        found[item.id] = Manager(form, known, item.legal_status)
    return found


def entity_number(written: str, departement: str) -> str:
    """Return the number of an entity, with a lost zero where it is certain."""
    return written if is_finess(written) else lost_zero(written, departement) or written


class EntityRows:
    """Claims on the legal entities of a load.

    Parameters
    ----------
    reporter : Reporter
        Told of every row.
    departements : sequence of str
        Those asked for; all if empty.
    """

    def __init__(self, reporter: Reporter, departements: Sequence[str]) -> None:
        self._reporter = reporter
        self._wanted = frozenset(departements)
        self._seen: set[str] = set()
        self.claims: list[StructureClaim] = []
        self.departements: set[str] = set()

    def add(self, table: Table) -> None:
        """Add the rows of one table."""
        for row in table.to_pylist():
            self._add(row, row_name(row[LINE]))

    def _add(self, row: dict[str, str], where: str) -> None:
        written = row["nofiness"]
        number = entity_number(written, row["departement"])
        if number != written:
            self._reporter.warn(
                f"{where} ({number})", "finess.lost_zero", field="nofiness", value=written
            )
        if not is_finess(number):
            self._reporter.reject(where, "finess.bad_number", field="nofiness", value=number)
        elif number in self._seen:
            self._reporter.reject(where, "finess.duplicate", field="nofiness", value=number)
        else:
            self._seen.add(number)
            self._take(number, row, where)

    def _take(self, number: str, row: dict[str, str], where: str) -> None:
        form = row["statutjuridique"].zfill(2) if row["statutjuridique"] else None
        place = classic_place(row["departement"], row["commune"], row["ligneacheminement"][:5])
        if form == kinds.NATURAL_PERSON:
            self._reporter.skip()
            self._reporter.warn(f"{where} ({number})", "finess.natural_person")
        elif self._wanted and place.departement not in self._wanted:
            self._reporter.skip()
        else:
            self._keep(number, row, where, form, place)

    def _keep(
        self, number: str, row: dict[str, str], where: str, form: str | None, place: Place
    ) -> None:
        opened = _opened(row["datecrea"], f"{where} ({number})", self._reporter)
        kind = street_type(row["typvoie"])
        line = clean(" ".join((row["numvoie"], row["compvoie"], kind, row["voie"])))
        where_to = address(line, row["lieuditbp"], row["ligneacheminement"])
        claim = entity_claim(
            number,
            SOURCE,
            locator=f"structureej {number}",
            names=(row["rslongue"], row["rs"]),
            form=form,
            place=place,
            address_line=where_to,
            opened=opened,
        )
        self.claims.append(claim)
        self.departements.add(place.departement)
        self._reporter.keep()


def entity_claim(  # noqa: PLR0913 - one argument a field of the record
    number: str,
    source: str,
    *,
    locator: str,
    names: tuple[str | None, str | None],
    form: str | None,
    place: Place,
    address_line: str | None,
    opened: PartialDate | None = None,
    closed: PartialDate | None = None,
    category: str | None = None,
    position: tuple[float, float, str] | None = None,
) -> StructureClaim:
    """Return the claim on a legal entity: kind and legal status come from its legal form."""
    name, others = both_names(*names)
    known = kinds.legal_forms().get(form or "")
    longitude, latitude, precise = position or (None, None, None)
    return StructureClaim(
        id=number,
        source=source,
        locator=locator,
        part=part_of(place.departement) if source == SOURCE else place.departement,
        name=name,
        other_names=others,
        kind=kinds.entity_kind(form, name),
        level="EJ",
        category=category,
        legal_status=kinds.legal_status(form),
        legal_form=known.label if known and form else None,
        commune=place.commune,
        address=address_line,
        longitude=longitude,
        latitude=latitude,
        precision=precise,
        opened=opened,
        closed=closed,
    )


def both_names(long: str | None, short: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return the name to show, the long one, and the short one where it differs."""
    full, brief = clean(long), clean(short)
    name = full or brief or None
    return name, (brief,) if brief and brief != name else ()


_MANAGER_COLUMNS = ("nofiness", "departement", "statutjuridique", "rs", "rslongue")


def _opened(value: str, where: str, reporter: Reporter) -> PartialDate | None:
    found = read_date(value) if value else None
    if value and found is None:
        reporter.warn(where, "finess.bad_date", field="datecrea", value=value)
    return found
