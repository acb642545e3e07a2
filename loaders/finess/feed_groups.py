"""Groupings of the JSON feed: the GHT (``gcc`` of type 001), joined to their legal entities."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from graph.dates import PartialDate
from graph.identifiers import slug
from graph.model import Fact, MembershipClaim, StructureClaim, membership_id
from loaders.base import Reporter
from loaders.finess.feed_rows import SOURCE
from loaders.finess.feed_values import Record, records_of, text_of
from loaders.finess.values import clean, read_date

_GHT = "001"
_ROLES = {"S": "support", "M": "membre"}
_CREATION = "003"
"""codeEvenement of an opening, for groupings as for establishments."""
_CODES = ("numFinessGcc", "gccIdentifiantExterne")
"""The field changed its name in 2026; the former held the SAE code."""


class GroupRows:
    """Claims on GHT and their members.

    Parameters
    ----------
    reporter : Reporter
        Told of every grouping and link.
    departements : collection of str
        Those asked for; a GHT is where its support is.
    generated : PartialDate or None
        Date of the feed.
    members : mapping
        FINESS number and département of each legal entity named, by its internal number.
    """

    def __init__(
        self,
        reporter: Reporter,
        departements: Collection[str],
        generated: PartialDate | None,
        members: Mapping[str, tuple[str, str]],
    ) -> None:
        self._reporter = reporter
        self._wanted = frozenset(departements)
        self._generated = generated
        self._members = members
        self._seen: set[str] = set()
        self.claims: list[StructureClaim | MembershipClaim] = []

    def add(self, group: Record) -> None:
        """Add one grouping and its links."""
        links = records_of(group.get("pmejDuGcc"))
        self._reporter.read(1 + len(links))
        support = self._support(links)
        where = f"gcc {group.get('gccId')}"
        if group.get("typeGcc") != _GHT:
            self._reporter.skip(1 + len(links))
        elif support is None or support[0] in self._seen:
            self._refuse(
                where, links, "finess.ght_duplicate" if support else "finess.ght_no_support"
            )
        elif self._wanted and support[1] not in self._wanted:
            self._reporter.skip(1 + len(links))
        else:
            self._seen.add(support[0])
            self._keep(where, group, links, support)

    def _support(self, links: list[Record]) -> tuple[str, str] | None:
        found = [link for link in links if link.get("typeRoleEntiteGroupe") == "S"]
        return self._members.get(str(found[0].get("pmSmsseId"))) if len(found) == 1 else None

    def _refuse(self, where: str, links: list[Record], code: str) -> None:
        self._reporter.reject(where, code)
        for link in links:
            self._reporter.reject(_link(where, link), code)

    def _keep(
        self, where: str, group: Record, links: list[Record], support: tuple[str, str]
    ) -> None:
        number, departement = support
        ident = f"ght:{slug(number)}"
        closed = group.get("etatObjet") == "I"
        claim = StructureClaim(
            id=ident,
            source=SOURCE,
            locator=where,
            part=departement,
            name=text_of(group.get("nomGcc")),
            kind="GHT",
            opened=_opened(group),
            closed=PartialDate(f"..{self._generated}") if closed and self._generated else None,
            facts=_codes(group),
        )
        self.claims.append(claim)
        self._reporter.keep()
        done: set[str] = set()
        for link in links:
            self._link(_link(where, link), link, ident, departement, done)

    def _link(self, where: str, link: Record, ident: str, departement: str, done: set[str]) -> None:
        role = _ROLES.get(str(link.get("typeRoleEntiteGroupe")))
        member = self._members.get(str(link.get("pmSmsseId")))
        key = membership_id(member[0], ident, role) if member and role else ""
        if role is None:
            value = link.get("typeRoleEntiteGroupe")
            self._reporter.reject(
                where, "finess.ght_role", field="typeRoleEntiteGroupe", value=value
            )
        elif member is None:
            value = link.get("pmSmsseId")
            self._reporter.reject(where, "finess.ght_member", field="pmSmsseId", value=value)
        elif key in done:
            self._reporter.reject(where, "finess.duplicate", field="pmSmsseId", value=member[0])
        else:
            done.add(key)
            self._reporter.keep()
            self.claims.append(
                MembershipClaim(
                    id=key,
                    source=SOURCE,
                    locator=where,
                    part=departement,
                    member=member[0],
                    group=ident,
                    role=role,
                    level="EJ",
                )
            )


def _link(where: str, link: Record) -> str:
    return f"{where}, pmSmsseId {link.get('pmSmsseId')}"


def _opened(group: Record) -> PartialDate | None:
    events = records_of(group.get("evenement"))
    dates = [
        read_date(str(event.get("dateEvenement")))
        for event in events
        if event.get("codeEvenement") == _CREATION
    ]
    return min(filter(None, dates), default=None)


def _codes(group: Record) -> tuple[Fact, ...]:
    return tuple(
        Fact(topic="code_ght", value=clean(str(group[name])), qualifier=name)
        for name in _CODES
        if group.get(name)
    )
