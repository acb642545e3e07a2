"""The ministry's lists of the GHT: one row for each legal entity that is party to one.

Layouts: 2017 and 2019, ``REGION, DENOMINATION GHT, CODE GHT, FINESS, CATEGORIE, DENOMINATION
ETABLISSEMENT, COMMUNE, CODE POSTAL`` (no support); 2024, ``ARS_CODE, ARS_LIB(C), GHT_CODE,
GHT_LIB(C), ES_FINESS, GHT_SUPPORT`` (``O`` on the row of the support). A list is complete on its
date: its newest version replaces the one before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from graph.dates import PartialDate
from graph.identifiers import fold
from graph.model import AnyClaim, Fact, MembershipClaim, SourceRecord, StructureClaim, membership_id
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, checksum
from loaders.communes import CommuneIndex
from loaders.finess.classic import LICENCE
from loaders.finess.feed_values import place_of
from loaders.ght.joining import PREFIX, Joined, join, known_groups
from loaders.ght.rows import Group, ListRow, groups_of
from loaders.partner_lists import Columns, read_list, vintage_of, warn_if_older

SERIES = "ght:liste"
SOURCE = "ght-liste"
COLUMNS: Columns = {
    "code": ("code ght", "ght code"),
    "name": ("denomination ght", "ght lib", "ght libc", "ght lib c", "libelle ght", "nom ght"),
    "short": ("ght libc",),
    "finess": (
        *("finess", "finess ej", "es finess", "finess juridique", "numero finess", "n finess"),
        *("no finess", "finess entite juridique", "nofinessej"),
    ),
    "support": ("ght support", "support", "etablissement support"),
    "member": (
        *("denomination etablissement", "es lib", "es libc", "etablissement", "raison sociale"),
        *("denomination",),
    ),
    "category": ("categorie", "es categorie"),
    "commune": ("commune", "es commune", "ville"),
    "postal_code": ("code postal", "es code postal", "cp"),
}
REQUIRED = ("code|name", "finess")
HOSPITALS = frozenset({"ch", "chi", "chr", "chu", "chru", "chs", "hl"})
"""Categories of the lists, as letters, that are those of a hospital."""


def read_list_file(path: Path, context: LoadContext) -> LoadBatch:
    """Read a list of GHT members.

    Raises
    ------
    InputError
        Not a table, or other columns.
    """
    reporter = Reporter()
    table = read_list(path, COLUMNS, REQUIRED)
    vintage = vintage_of(path, context, table.titles, reporter)
    warn_if_older(context.store, SOURCE, vintage.date, reporter)
    groups = groups_of(table.rows, context.store, reporter)
    known = known_groups(context.store, SOURCE)
    members = {code: frozenset(group.members) for code, group in groups.items()}
    supports = {code: group.support for code, group in groups.items() if group.support}
    joined = join(members, supports, known)
    writer = _Writer(reporter, vintage.date, table.headings, context.departements)
    for code, group in groups.items():
        writer.add(group, joined[code])
    return LoadBatch(
        loader="ght",
        series=SERIES,
        sources=(_source(path, vintage.date, from_name=vintage.from_name),),
        claims=writer.claims(),
        report=reporter.report,
        parts=frozenset(context.departements or writer.homes),
        file=path.name,
        checksum=checksum([path]),
    )


class _Writer:
    """Claims on the groups of a list."""

    def __init__(
        self,
        reporter: Reporter,
        vintage: PartialDate | None,
        headings: dict[str, str],
        departements: Sequence[str],
    ) -> None:
        self._reporter = reporter
        self._since = PartialDate(f"..{vintage}") if vintage else None
        self._headings = headings
        self._wanted = frozenset(departements)
        self._groups: list[AnyClaim] = []
        self._members: dict[str, StructureClaim] = {}
        self.homes: set[str] = set()

    def claims(self) -> list[AnyClaim]:
        """Return the claims on groups and memberships, then on the members named."""
        return [*self._groups, *self._members.values()]

    def add(self, group: Group, joined: Joined) -> None:
        """Add a group and its members, all with the département of its support."""
        home = _home(group, joined)
        if self._wanted and home not in self._wanted:
            self._reporter.skip(len(group.members))
            return
        self.homes.add(home)
        self._reporter.keep(len(group.members))
        self._warn(group, joined)
        self._groups.append(self._group(group, joined.id, home))
        for row in group.members.values():
            self._groups.append(self._membership(group, row, joined.id, home))
            if row.name and row.member not in self._members:
                self._members[row.member] = _member(row, home)

    def _warn(self, group: Group, joined: Joined) -> None:
        if joined.how == "code":
            self._reporter.warn(group.shown, "ght.no_support", value=group.name or group.code)
        elif joined.how == "other_support":
            other = joined.id.removeprefix(PREFIX).upper()
            self._reporter.warn(group.shown, "ght.other_support", value=group.support, known=other)

    def _group(self, group: Group, ident: str, home: str) -> StructureClaim:
        names = dict.fromkeys(filter(None, (*group.names, group.code)))
        name, *others = names
        code = Fact(topic="code_ght", value=group.code, qualifier=self._headings.get("code"))
        return StructureClaim(
            id=ident,
            source=SOURCE,
            locator=f"GHT {group.shown}",
            part=home,
            name=name,
            other_names=tuple(others),
            kind="GHT",
            facts=(code,) if group.code else (),
        )

    def _membership(self, group: Group, row: ListRow, ident: str, home: str) -> MembershipClaim:
        role = "support" if row.member == group.support else "partie"
        return MembershipClaim(
            id=membership_id(row.member, ident, role),
            source=SOURCE,
            locator=f"GHT {group.shown}, FINESS {row.stated}",
            part=home,
            member=row.member,
            group=ident,
            role=role,
            level="EJ",
            since=self._since,
        )


def _home(group: Group, joined: Joined) -> str:
    """Return the département of a group: its support's, else the one most members are in."""
    number = joined.id.removeprefix(PREFIX)
    if joined.how != "code":
        return place_of(None, number.upper()).departement
    counts = Counter(place_of(None, member).departement for member in group.members)
    return min(counts, key=lambda code: (-counts[code], code))


def _member(row: ListRow, home: str) -> StructureClaim:
    letters = fold(row.category or "").replace(" ", "")
    index = CommuneIndex.bundled()
    found = index.find(row.commune, postal_code=row.postal_code) if row.commune else ()
    return StructureClaim(
        id=row.member,
        source=SOURCE,
        locator=f"FINESS {row.stated}",
        part=home,
        name=row.name,
        kind="HOPITAL" if letters in HOSPITALS else None,
        level="EJ",
        commune=found[0].code if len(found) == 1 else None,
    )


def _source(path: Path, vintage: PartialDate | None, *, from_name: bool) -> SourceRecord:
    return SourceRecord(
        id=SOURCE,
        family="ght",
        title="Liste des GHT et de leurs établissements parties",
        publisher="Ministère chargé de la santé (DGOS)",
        date=vintage,
        licence=LICENCE,
        vintage=vintage,
        note=f"Date lue dans le nom du fichier ({path.name})." if from_name else None,
    )
