"""The curated ecosystem: reviewed CSV tables, each row with its source and its place in it.

The bundled folder is ``data/reference``; any folder of the same layout can be read instead. Rows
about one thing by one source become one claim; a row that does not hold is rejected and said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graph.errors import InputError, UsageError
from graph.identifiers import fold
from graph.model import (
    AnyClaim,
    CooperationClaim,
    Fact,
    MembershipClaim,
    Party,
    SourceRecord,
    StructureClaim,
    membership_id,
)
from graph.resolve import PRECEDENCE
from graph.store.port import LoadBatch
from graph.vocabulary import (
    CONFIDENTIALITY,
    COOPERATION_TYPES,
    KINDS,
    LEGAL_STATUSES,
    PARTY_LEVELS,
    PATHWAY_STEPS,
    PRECISIONS,
)
from loaders import reference_cells as cells
from loaders.base import LoadContext, Reporter, SourceSpec, checksum
from loaders.communes import CommuneIndex
from loaders.reference_cells import (
    COLUMNS,
    DEGREES,
    MEMBER_ROLES,
    MODALITIES,
    PARTY_ROLES,
    QUALIFIERS,
    STAGES,
    RefusedRowError,
    Row,
)

FOLDER = Path(__file__).resolve().parent.parent / "data" / "reference"
"""The bundled ecosystem."""

Draft = dict[str, Any]
Key = tuple[str, str]
"""Id of the thing, id of the source."""


def read(paths: Sequence[Path], context: LoadContext) -> LoadBatch:  # noqa: ARG001
    """Read the bundled ecosystem, or the folder given.

    Parameters
    ----------
    paths : sequence of Path
        Empty for the bundled folder, else one folder of the same layout.
    context : LoadContext
        Not used: the folder stands alone.

    Returns
    -------
    LoadBatch
        One claim for each thing and source.

    Raises
    ------
    InputError
        Not a folder, or a table misses, cannot be read or lacks columns.
    UsageError
        Several folders at once.
    """
    if len(paths) > 1:
        raise UsageError("reference.one_folder", count=len(paths))
    folder = paths[0] if paths else FOLDER
    if not folder.is_dir():
        raise InputError("reference.not_a_folder", file=str(folder))
    tables = {name: cells.read_table(folder, name) for name in COLUMNS}
    reading = Reading()
    for name, rows in tables.items():
        reading.take(name, rows)
    return LoadBatch(
        loader=SPEC.id,
        series=SPEC.id,
        sources=tuple(source for _, source in sorted(reading.sources.items())),
        claims=reading.claims(),
        report=reading.reporter.report,
        file=str(folder),
        checksum=checksum([folder / f"{name}.csv" for name in COLUMNS]),
        guarded=bool(paths),
    )


class Reading:
    """Claims in the making: rows about one thing by one source come together."""

    def __init__(self) -> None:
        self.reporter = Reporter()
        self.sources: dict[str, SourceRecord] = {}
        self.structures: dict[Key, Draft] = defaultdict(dict)
        self.cooperations: dict[Key, Draft] = {}
        self.memberships: dict[Key, MembershipClaim] = {}
        self._structure_ids: set[str] = set()
        self._cooperation_ids: set[str] = set()
        self._seen: set[tuple[str, ...]] = set()
        self._communes = CommuneIndex.bundled()
        self._takers: dict[str, Callable[[Row], None]] = {
            "sources": self._source,
            "structures": self._structure,
            "values": self._value,
            "memberships": self._membership,
            "cooperations": self._cooperation,
            "parties": self._party,
            "facts": self._fact,
        }

    def take(self, table: str, rows: Sequence[Row]) -> None:
        """Take the rows of one table that hold; report the others."""
        if table == "cooperations":  # a parent may stand below its child
            self._cooperation_ids = {row.cells["id"] for row in rows if row.cells}
        for row in rows:
            self.reporter.read()
            try:
                self._check_form(row)
                self._takers[table](row)
            except RefusedRowError as refused:
                self.reporter.reject(
                    row.place,
                    f"reference.{refused.code}",
                    field=refused.field,
                    value=refused.value,
                    **refused.params,
                )
            else:
                self.reporter.keep()

    def claims(self) -> list[AnyClaim]:
        """Return the claims: structures, cooperations, memberships, each sorted."""
        structures = (
            StructureClaim(id=id_, source=source, **_finished(draft))
            for (id_, source), draft in sorted(self.structures.items())
        )
        cooperations = (
            CooperationClaim(id=id_, source=source, **_finished(draft))
            for (id_, source), draft in sorted(self.cooperations.items())
        )
        memberships = (claim for _, claim in sorted(self.memberships.items()))
        return [*structures, *cooperations, *memberships]

    def _check_form(self, row: Row) -> None:
        if not row.cells:
            raise RefusedRowError("cells", row.table, expected=len(COLUMNS[row.table]))
        first = next(iter(row.cells.values()))
        if (key := (row.table, *row.cells.values())) in self._seen:
            raise RefusedRowError("duplicate", COLUMNS[row.table][0], first)
        self._seen.add(key)
        if row.table != "sources":
            row.required("locator")
            if row.source not in self.sources:
                raise RefusedRowError("unknown_source", "source", row.source)

    def _source(self, row: Row) -> None:
        id_ = row.required("id")
        if id_ in self.sources:
            raise RefusedRowError("duplicate", "id", id_)
        self.sources[id_] = SourceRecord(
            id=id_,
            family=cells.checked("family", row.required("family"), PRECEDENCE),
            title=row.required("title"),
            publisher=row.text("publisher"),
            date=row.date("date"),
            licence=row.text("licence"),
            url=row.text("url"),
            vintage=row.date("vintage"),
            note=row.text("note"),
        )

    def _structure(self, row: Row) -> None:
        id_ = cells.structure_id("id", row.required("id"))
        commune = row.text("commune")
        change: Draft = {
            "name": row.text("name"),
            "kind": row.choice("kind", KINDS),
            "level": row.choice("level", ("EJ", "ET")),
            "commune": cells.commune("commune", commune, self._communes) if commune else None,
            "covers": self._territories(row, "covers"),
            "other_names": row.items("other_names"),
            "notes": tuple(filter(None, (row.text("unnamed_note"), row.text("note")))),
        }
        self._apply(row, id_, change)
        self._structure_ids.add(id_)

    def _value(self, row: Row) -> None:
        id_, field = self._known(row, "id"), row.required("field")
        status = cells.checked("status", row.required("status"), ("confirmed", "candidate"))
        if (status == "candidate") != (field == "candidate_finess"):
            raise RefusedRowError("candidate", "status", status)
        self._apply(row, id_, self._change(row, id_, field))

    def _change(self, row: Row, id_: str, field: str) -> Draft:
        """Return what a row of values says, by field of the model."""
        value = row.required("value")
        field, _, unit = field.partition(":")
        if field == "capacity" and unit:
            return {"capacity": {unit: row.number("value")}}
        if field in DEGREES:
            return {field: cells.degrees("value", row.number("value"), DEGREES[field])}
        if field == "official_name":
            return self._official_name(row, id_, value)
        if field == "candidate_finess":
            notes = (f"{value} : {row.text('note')}",) if row.text("note") else ()
            return {"candidates": (cells.finess("value", value),), "notes": notes}
        simple: dict[str, Callable[[], object]] = {
            "activity": lambda: (value,),
            "address": lambda: value,
            "category": lambda: value,
            "commune": lambda: cells.commune("value", value, self._communes),
            "legal_entity": lambda: cells.finess("value", value),
            "legal_status": lambda: row.choice("value", LEGAL_STATUSES),
            "precision": lambda: row.choice("value", PRECISIONS),
        }
        target = cells.checked("field", field, simple)
        return {"activities" if target == "activity" else target: simple[target]()}

    def _official_name(self, row: Row, id_: str, value: str) -> Draft:
        """Return a file's own name: the name, or another one where the file is quoted by one."""
        known = self.structures.get((id_, row.source), {}).get("name")
        if known is None:
            return {"name": value}
        return {"other_names": (value,)} if fold(known) != fold(value) else {}

    def _membership(self, row: Row) -> None:
        member, group = self._known(row, "member"), self._known(row, "group")
        role = cells.checked("role", row.required("role"), MEMBER_ROLES)
        claim = MembershipClaim(
            id=membership_id(member, group, role),
            source=row.source,
            locator=row.cells["locator"],
            member=member,
            group=group,
            role=role,
            since=row.date("since"),
            until=row.date("until"),
            note=row.text("note"),
        )
        cells.in_order("until", claim.since, claim.until)
        if (claim.id, claim.source) in self.memberships:
            raise RefusedRowError("duplicate", "member", claim.id)
        self.memberships[claim.id, claim.source] = claim

    def _cooperation(self, row: Row) -> None:
        key = (row.required("id"), row.source)
        if key in self.cooperations:
            raise RefusedRowError("duplicate", "id", key[0])
        stated = cells.checked("sites_stated", row.required("sites_stated"), ("yes", "no"))
        draft: Draft = {
            "locators": [row.cells["locator"]],
            "type": cells.checked("type", row.required("type"), COOPERATION_TYPES),
            "sites": tuple(self._known(row, "sites", site) for site in row.items("sites")),
            "sites_stated": stated == "yes",
            "stage": row.choice("stage", STAGES),
            "confidentiality": row.choice("confidentiality", CONFIDENTIALITY),
            "pathway": row.choices("pathway", PATHWAY_STEPS),
            "territory": self._territories(row, "territory"),
            "themes": row.items("themes"),
            "remarks": tuple(filter(None, (row.text("note"),))),
            **{name: row.text(name) for name in ("title", "object", "filiere")},
            **{name: row.date(name) for name in ("signed", "effective", "end", "attested")},
            **{name: row.choice(name, self._cooperation_ids) for name in ("parent", "replaces")},
        }
        cells.in_order("end", draft["effective"] or draft["signed"], draft["end"])
        self.cooperations[key] = draft

    def _party(self, row: Row) -> None:
        draft = self.cooperations.get((row.required("cooperation"), row.source))
        if draft is None:
            raise RefusedRowError("unknown_cooperation", "cooperation", row.cells["cooperation"])
        party = Party(
            structure=self._known(row, "structure"),
            role=cells.checked("role", row.required("role"), PARTY_ROLES),
            level=row.choice("level", PARTY_LEVELS),
            note=row.text("note"),
        )
        _merge(draft, row, {"parties": (party,)})

    def _fact(self, row: Row) -> None:
        fact = Fact(
            topic=row.required("topic"),
            value=row.number_or_text("value"),
            unit=row.text("unit"),
            qualifier=row.choice("qualifier", QUALIFIERS),
            modality=cells.checked("modality", row.required("modality"), MODALITIES),
            date=row.date("date"),
            source=row.source,
            locator=row.cells["locator"],
            note=row.text("note"),
        )
        cooperation = self.cooperations.get((row.required("subject"), row.source))
        if cooperation is not None:
            _merge(cooperation, row, {"facts": (fact,)})
        else:
            self._apply(row, self._known(row, "subject"), {"facts": (fact,)})

    def _known(self, row: Row, field: str, value: str | None = None) -> str:
        """Return a structure named by a row, which must be one of the table of structures."""
        id_ = value or row.required(field)
        if id_ not in self._structure_ids:
            raise RefusedRowError("unknown_structure", field, id_)
        return id_

    def _territories(self, row: Row, field: str) -> tuple[str, ...]:
        return tuple(cells.territory(field, item, self._communes) for item in row.items(field))

    def _apply(self, row: Row, id_: str, change: Draft) -> None:
        """Put what a row says of a structure with what its source said before."""
        known = self.structures.get((id_, row.source), {})
        for field, value in change.items():
            single = not isinstance(value, tuple | dict)
            if single and value is not None and known.get(field) not in {None, value}:
                raise RefusedRowError("said_twice", field, value, other=str(known[field]))
        _merge(self.structures[id_, row.source], row, change)


def _merge(draft: Draft, row: Row, change: Draft) -> None:
    """Add to a draft: lists grow without repeats, tables are united, single values set."""
    for field, value in change.items():
        if isinstance(value, tuple):
            draft[field] = tuple(dict.fromkeys((*draft.get(field, ()), *value)))
        elif isinstance(value, dict):
            draft[field] = draft.get(field, {}) | value
        elif value is not None:
            draft[field] = value
    if row.cells["locator"] not in draft.setdefault("locators", []):
        draft["locators"].append(row.cells["locator"])


def _finished(draft: Draft) -> Draft:
    """Return the fields of a claim, with one locator that names every place."""
    fields = {name: value for name, value in draft.items() if name != "locators"}
    return fields | {"locator": " ; ".join(draft["locators"])}


SPEC = SourceSpec(
    id="reference",
    family="seed",
    read=read,
    needs_path=False,
    publisher="Maillage, d’après cinq articles, la DREES et l’Agence du Numérique en Santé",
    licence="Licence Ouverte 2.0 (Etalab) pour les fichiers officiels ; faits seuls des articles",
    address="data/README.md",
)
