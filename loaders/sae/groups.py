"""The SAE table of the GHT: totals of a group, joined only where the store knows its code.

The table names no legal entity. A row is taken where exactly one GHT of the store bears its code
or its name; a guess from the figures or a likeness of names would not be honest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from graph.identifiers import fold
from graph.model import StructureClaim
from graph.store.port import GraphStore, StructureQuery
from loaders.base import LoadContext, Reporter
from loaders.finess.feed_values import place_of
from loaders.sae.figures import facts_of
from loaders.sae.tables import Measure

if TYPE_CHECKING:
    from loaders.sae.files import SaeRow


class GroupTable(NamedTuple):
    """The GHT table: its name, title, columns of names and measures."""

    name: str
    title: str
    columns: tuple[str, ...]
    facts: tuple[Measure, ...]

    @property
    def read(self) -> tuple[str, ...]:
        """All columns that the table is read by."""
        measured = (name for measure in self.facts for name in measure.columns)
        return (*self.columns, *measured)


GROUP_TABLE = GroupTable(
    "GHT",
    "totaux des groupements hospitaliers de territoire",
    ("NOM_COURT_GHT", "CODE_GHT", "NOM_COMPLET_GHT"),
    (
        Measure("etablissements", ("NB_ETAB",), "établissements"),
        Measure("lits_mco", ("LIT_MCO",), "lits"),
        Measure("places_mco", ("PLA_MCO",), "places"),
        Measure("lits_smr", ("LIT_SSR",), "lits"),
        Measure("places_smr", ("PLA_SSR",), "places"),
        Measure("lits_psychiatrie", ("CAP_HTP_TOT",), "lits"),
        Measure("places_psychiatrie", ("CAP_HDJ_TOT", "CAP_HDN_TOT"), "places"),
        Measure("lits_usld", ("LIT_USLD",), "lits"),
        Measure("places_had", ("PLATOT_HAD",), "places"),
    ),
)
"""Totals are facts of the group, not its capacity: its establishments already state theirs."""


def group_claims(
    rows: Sequence[SaeRow], context: LoadContext, reporter: Reporter
) -> Iterator[StructureClaim]:
    """Yield the claims on the GHT that can be joined; the other rows are left aside, said why."""
    known = _known(context.store) if rows else {}
    taken: set[str] = set()
    for row in rows:
        codes = [row.cells[name] for name in GROUP_TABLE.columns]
        found = {ident for code in codes if code for ident in known.get(fold(code), ())}
        part = _part(min(found)) if found else ""
        if context.departements and part and part.split(":")[0] not in context.departements:
            reporter.skip()
        elif len(found) != 1 or found & taken:
            reporter.skip()
            code = "sae.ght_unknown" if not found else "sae.ght_ambiguous"
            reporter.warn(row.place, code, field="CODE_GHT", value=" / ".join(codes))
        else:
            taken |= found
            reporter.keep()
            yield _claim(found.pop(), part, codes, row, reporter)


def _known(store: GraphStore | None) -> dict[str, set[str]]:
    """Return the ids of the GHT of the store by each of their names and codes."""
    names: dict[str, set[str]] = defaultdict(set)
    groups = store.structures(StructureQuery(kinds=frozenset({"GHT"}))) if store else []
    for group in groups:
        codes = (str(fact.value) for fact in group.facts if fact.topic == "code_ght")
        for name in (group.name, *group.other_names, *codes):
            names[fold(name or "")].add(group.id)
    return names


def _part(ident: str) -> str:
    support = ident.partition(":")[2]
    return f"{place_of(None, support).departement}:{GROUP_TABLE.name.lower()}"


def _claim(
    ident: str, part: str, codes: Sequence[str], row: SaeRow, reporter: Reporter
) -> StructureClaim:
    short, code, name = codes
    return StructureClaim(
        id=ident,
        source="sae-ght",
        locator=f"SAE {row.year}".rstrip() + f", table GHT, CODE_GHT={code}",
        part=part,
        kind="GHT",
        other_names=tuple(filter(None, (name, short, code))),
        facts=tuple(facts_of(row, GROUP_TABLE.facts, reporter)),
    )
