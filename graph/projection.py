"""From records to the partner network: focus set, partners, ties, on a date.

Pure functions: records in, records or a networkx graph out. Definitions are those of DESIGN.md
sections 2 and 5:

- the *focus set* is the focus, its members on the date, and their establishments;
- a *partner* is a structure outside it that is party to a counted agreement with it, or reached
  through its legal entity or grouping where that inheritance is on; how it is reached is named;
- structures are tied when they are parties to the same counted cooperation, or by membership.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from graph.amendments import as_amended
from graph.dates import earliest, latest
from graph.model import Cooperation, Membership, Record, Structure
from graph.status import Standing, standing
from graph.vocabulary import CONTACT_TYPES, COUNTED_STATUSES, INSTANCE_TYPES

if TYPE_CHECKING:
    import networkx as nx

Layer = Literal["cooperation", "instance", "contact"]
Via = Literal["EJ", "groupement"]

LEAD_ROLES = frozenset({"pilote", "lead"})
BYSTANDER_ROLES = frozenset({"soutien", "temoin", "concerne"})
"""Roles that name an organisation without making it a party to the agreement."""

SEAT_ROLES = frozenset({"siege"})
OUTSIDE_ROLES = SEAT_ROLES | {"associe", "partenaire", "participant"}
"""Roles beside a grouping rather than in it: associés and partners of a GHT, seats, guests."""

INSIDE_ROLES = ("support", "partie", "membre", "comprend")
"""Roles in a grouping, the most telling first: the support of a GHT is one of its parties, and
sources call a party ``partie`` or ``membre``."""


class Tie(Record, frozen=True, kw_only=True):
    """A tie between two structures, `a` < `b`.

    `kind` is ``cooperation``, ``membership`` or ``inherited``. `cooperations` are the agreements
    that make it; `weight` sums 1/(k-1) over those of k parties (Newman 2001).
    """

    a: str
    b: str
    kind: Literal["cooperation", "membership", "inherited"]
    cooperations: tuple[str, ...] = ()
    weight: float = 1.0
    via: Via | None = None
    through: str | None = None


class Partner(Record, frozen=True, kw_only=True):
    """A partner of the focus set; `through` is the signatory when it is reached by inheritance."""

    id: str
    cooperations: tuple[str, ...]
    via: Via | None = None
    through: str | None = None


class Network(Record, frozen=True, kw_only=True):
    """The focus set, its partners and the ties among them, on a day."""

    on: date
    focus: str | None
    focus_set: frozenset[str]
    partners: dict[str, Partner]
    ties: tuple[Tie, ...]
    standings: dict[str, Standing]

    @property
    def structures(self) -> frozenset[str]:
        """Return every structure of the network."""
        return self.focus_set | frozenset(self.partners)


class Layers(Record, frozen=True, kw_only=True):
    """Which ties are asked for. Instances and regular contacts are off by default.

    `statuses` are those under which an agreement makes a tie; asking for others (``echue``) shows
    what no longer counts. `themes` keeps the agreements that have one of them; empty keeps all.
    """

    instances: bool = False
    contacts: bool = False
    inherit: bool = True
    statuses: frozenset[str] = frozenset(COUNTED_STATUSES)
    themes: frozenset[str] = frozenset()

    def takes(self, cooperation: Cooperation) -> bool:
        """Tell whether the layer of `cooperation` is asked for."""
        if self.themes and self.themes.isdisjoint(cooperation.themes):
            return False
        layer = layer_of(cooperation)
        return layer == "cooperation" or (self.instances if layer == "instance" else self.contacts)


def layer_of(cooperation: Cooperation) -> Layer:
    """Return the layer of a cooperation: agreement, seat in an instance, or regular contact."""
    if cooperation.type in INSTANCE_TYPES:
        return "instance"
    return "contact" if cooperation.type in CONTACT_TYPES else "cooperation"


def signatories(cooperation: Cooperation) -> tuple[str, ...]:
    """Return the parties of a cooperation, without those that only support or witness it."""
    return tuple(
        dict.fromkeys(
            party.structure for party in cooperation.parties if party.role not in BYSTANDER_ROLES
        )
    )


def counted(
    cooperations: Iterable[Cooperation], on: date, layers: Layers
) -> dict[str, tuple[Cooperation, Standing]]:
    """Return the cooperations under which ties exist on day `on`, by id, with their standing.

    Their terms are those that their amendments give them on that day.
    """
    found = {}
    for item in as_amended(cooperations, on):
        now = standing(item, on) if layers.takes(item) else None
        if now is not None and now.status in layers.statuses:
            found[item.id] = (item, now)
    return found


def active(memberships: Iterable[Membership], on: date) -> list[Membership]:
    """Return the memberships that hold on day `on`; one without dates always holds.

    Of several roles of one member in one grouping, the most telling is returned: an article calls
    party whom a list names as support, and it is one member.
    """
    return _one_role(
        item
        for item in memberships
        if (item.since is None or earliest(item.since) <= on)
        and (item.until is None or on <= latest(item.until))
    )


def _one_role(held: Iterable[Membership]) -> list[Membership]:
    """Leave out each role in a grouping beside which a more telling one is held."""
    found = list(held)
    ranks = {role: rank for rank, role in enumerate(INSIDE_ROLES)}
    best: dict[tuple[str, str], int] = {}
    for item in found:
        if item.role in ranks:
            key = (item.member, item.group)
            best[key] = min(best.get(key, len(ranks)), ranks[item.role])
    return [
        item
        for item in found
        if item.role not in ranks or ranks[item.role] == best[item.member, item.group]
    ]


def insiders(memberships: Iterable[Membership]) -> list[Membership]:
    """Return the memberships that make a structure part of its group."""
    return [item for item in memberships if item.role not in OUTSIDE_ROLES]


def establishments(structures: Iterable[Structure]) -> dict[str, list[str]]:
    """Return the establishments of each legal entity, sorted."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in structures:
        if item.legal_entity:
            found[item.legal_entity].append(item.id)
    return {entity: sorted(ids) for entity, ids in found.items()}


def focus_set(
    focus: str | None, memberships: Sequence[Membership], sites: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Return the focus, its members, and the establishments of all of them."""
    if focus is None:
        return frozenset()
    members = {item.member for item in insiders(memberships) if item.group == focus}
    entities = {focus} | members
    return frozenset(entities | {site for entity in entities for site in sites.get(entity, ())})


def partner_network(
    focus: str | None,
    structures: Sequence[Structure],
    cooperations: Iterable[Cooperation],
    memberships: Iterable[Membership],
    on: date,
    layers: Layers | None = None,
) -> Network:
    """Return the partner network of `focus` on day `on`.

    Parameters
    ----------
    focus : str or None
        A structure or grouping; None asks for every tie, with no partner.
    structures : sequence of Structure
        Those known; establishments are found by their legal entity.
    cooperations, memberships : iterable
        All that may matter; those that do not count on the day are left out here.
    on : datetime.date
        The day asked about.
    layers : Layers, optional
        Which layers and whether inheritance is followed; by default agreements, with it.

    Returns
    -------
    Network
        Ties are among the focus set and the partners; without focus, among all parties.
    """
    layers = layers or Layers()
    held = active(memberships, on)
    sites = establishments(structures)
    known = {item.id for item in structures}
    agreements = counted(cooperations, on, layers)
    inside = focus_set(focus, held, sites) & (known | {focus or ""})
    partners = _partners(inside, agreements, held, sites, layers)
    if layers.instances:
        partners = _committees(inside, held) | partners
    scope = inside | frozenset(partners) if focus else _everyone(agreements, held)
    ties = [*_agreement_ties(agreements, scope), *_membership_ties(held, scope)]
    ties += _inherited_ties(partners, agreements, inside)
    return Network(
        on=on,
        focus=focus,
        focus_set=inside if focus else frozenset(scope),
        partners=partners,
        ties=tuple(sorted(ties, key=lambda tie: (tie.a, tie.b, tie.kind))),
        standings={key: now for key, (_, now) in agreements.items()},
    )


def _everyone(
    agreements: Mapping[str, tuple[Cooperation, Standing]], held: Sequence[Membership]
) -> frozenset[str]:
    parties = {party for item, _ in agreements.values() for party in signatories(item)}
    return frozenset(parties | {item.member for item in held} | {item.group for item in held})


def _partners(
    inside: frozenset[str],
    agreements: Mapping[str, tuple[Cooperation, Standing]],
    held: Sequence[Membership],
    sites: Mapping[str, Sequence[str]],
    layers: Layers,
) -> dict[str, Partner]:
    direct: dict[str, list[str]] = defaultdict(list)
    for key, (item, _) in sorted(agreements.items()):
        parties = signatories(item)
        if inside.intersection(parties):
            for party in parties:
                if party not in inside:
                    direct[party].append(key)
    partners = {key: Partner(id=key, cooperations=tuple(ids)) for key, ids in direct.items()}
    if layers.inherit:
        for reached in _inherited(partners, held, sites):
            if reached.id not in inside:
                partners.setdefault(reached.id, reached)
    return dict(sorted(partners.items()))


def _committees(inside: frozenset[str], held: Sequence[Membership]) -> dict[str, Partner]:
    """Return the committees in which the focus set has a seat."""
    groups = {item.group for item in held if item.role in SEAT_ROLES and item.member in inside}
    return {group: Partner(id=group, cooperations=()) for group in sorted(groups - inside)}


def _inherited(
    direct: Mapping[str, Partner],
    held: Sequence[Membership],
    sites: Mapping[str, Sequence[str]],
) -> list[Partner]:
    """Return who is reached through a partner: an entity's sites, a grouping's members."""
    members: dict[str, list[str]] = defaultdict(list)
    for item in insiders(held):
        members[item.group].append(item.member)
    routes: tuple[tuple[Via, Mapping[str, Sequence[str]]], ...] = (
        ("EJ", sites),
        ("groupement", members),
    )
    return [
        Partner(id=reached, cooperations=partner.cooperations, via=via, through=partner.id)
        for partner in direct.values()
        for via, route in routes
        for reached in route.get(partner.id, ())
    ]


def _agreement_ties(
    agreements: Mapping[str, tuple[Cooperation, Standing]], scope: frozenset[str]
) -> list[Tie]:
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for key, (item, _) in sorted(agreements.items()):
        parties = signatories(item)
        for pair in _pairs(item, parties):
            if scope.issuperset(pair):
                shared[pair].append(key)
                weights[pair] += 1 / (len(parties) - 1)
    return [
        Tie(a=a, b=b, kind="cooperation", cooperations=tuple(keys), weight=weights[a, b])
        for (a, b), keys in shared.items()
    ]


def _pairs(item: Cooperation, parties: Sequence[str]) -> set[tuple[str, str]]:
    """Return the pairs that an agreement ties: all, or each with the lead where there is one."""
    leads = {party.structure for party in item.parties if party.role in LEAD_ROLES}
    ordered = (sorted(pair) for pair in combinations(parties, 2))
    return {(a, b) for a, b in ordered if a != b and (not leads or a in leads or b in leads)}


def _membership_ties(held: Sequence[Membership], scope: frozenset[str]) -> list[Tie]:
    pairs = {
        (min(item.member, item.group), max(item.member, item.group))
        for item in held
        if item.member in scope and item.group in scope and item.member != item.group
    }
    return [Tie(a=a, b=b, kind="membership") for a, b in sorted(pairs)]


def _inherited_ties(
    partners: Mapping[str, Partner],
    agreements: Mapping[str, tuple[Cooperation, Standing]],
    inside: frozenset[str],
) -> list[Tie]:
    """Tie each inherited partner to the signatories of the focus set, naming the way."""
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for partner in partners.values():
        if partner.via is None:
            continue
        for key in partner.cooperations:
            for party in inside.intersection(signatories(agreements[key][0])):
                shared[party, partner.id].append(key)
    return [
        Tie(
            a=min(party, reached),
            b=max(party, reached),
            kind="inherited",
            cooperations=tuple(keys),
            weight=0.0,
            via=partners[reached].via,
            through=partners[reached].through,
        )
        for (party, reached), keys in shared.items()
    ]


def to_networkx(network: Network, structures: Iterable[Structure]) -> nx.MultiGraph[str]:
    """Return the network as a multigraph: one edge a tie, its fields as attributes."""
    import networkx as nx

    result: nx.MultiGraph[str] = nx.MultiGraph(on=network.on.isoformat(), focus=network.focus)
    for item in structures:
        if item.id in network.structures:
            result.add_node(
                item.id, name=item.name, kind=item.kind, focus=item.id in network.focus_set
            )
    result.add_nodes_from(sorted(network.structures - set(result)))
    for tie in network.ties:
        result.add_edge(
            tie.a, tie.b, key=tie.kind, weight=tie.weight, cooperations=tie.cooperations
        )
    return result
