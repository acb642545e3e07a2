"""The sheet of a structure: what is known of it on a day, its agreements, and who says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from explorer.palette import mark
from explorer.services.sheet_agreements import cards
from explorer.services.sheet_citing import Desk, word
from explorer.services.sheet_identity import identity_of
from explorer.services.sheet_model import AgreementCard, Entry, Sheet, TieSheet
from explorer.services.sheet_reach import Reached, reached_by
from explorer.viewmodel.model import ViewTie
from explorer.wording import day_in_words, since
from graph.amendments import as_amended
from graph.dates import latest
from graph.errors import UsageError
from graph.messages import text
from graph.model import Cooperation, Membership, Structure
from graph.projection import Network, active, layer_of
from graph.resolve import Statement
from graph.store.port import GraphStore, StoredClaim, StructureQuery

_NOT_IN_CONFLICT = frozenset({"capacity"})


class Related(NamedTuple):
    """The records around a structure."""

    sites: list[Structure]
    memberships: list[Membership]
    reached: list[Reached]


def sheet_of(
    store: GraphStore,
    key: str,
    on: date,
    language: str,
    network: Network | None = None,
    *,
    inherit: bool = True,
    restricted: bool = False,
) -> Sheet:
    """Return the sheet of the structure `key` on day `on`.

    Parameters
    ----------
    store : GraphStore
        Where everything is read.
    key : str
        Id of a structure.
    on : datetime.date
        The day asked about.
    language : {'fr', 'en'}
        Language of the reader.
    network : Network, optional
        The network on screen: the sheet then says how the structure stands in it, and parts its
        agreements with the focus set from those with others.
    inherit : bool
        Whether agreements reached through a legal entity or a grouping are listed, with the way.
    restricted : bool
        Whether what is reserved in agreements marked *restreint* is shown.

    Raises
    ------
    UsageError
        No such structure.
    """
    desk = Desk(store, on, language, restricted=restricted)
    desk.fetch([key])
    if key not in desk.structures:
        raise UsageError("unknown_structure", id=key)
    structure = desk.structures[key]
    related = _related(store, structure, desk, inherit=inherit)
    claims = store.claims("structure", [key])
    pairs = desk.pairs(claims)
    stated = desk.stated(pairs)
    identity, unknown = identity_of(structure, stated, desk)
    groups = _by_section(_cards(related, desk), _outside(related, network))
    drawn = mark(structure.kind)
    return Sheet(
        id=key,
        name=structure.name or key,
        kind=structure.kind or "unknown",
        kind_label=text(f"kind.{structure.kind or 'unknown'}", language),
        commune=desk.territories.get(f"commune:{structure.commune}"),
        situation=text("view.situation", language, day=day_in_words(on, language)),
        standing_words=_standing_words(key, network, desk),
        symbol=drawn.symbol,
        colour=drawn.colour,
        identity=identity,
        unknown=unknown,
        agreements=groups["agreements"],
        past=groups["past"],
        elsewhere=groups["elsewhere"],
        instances=groups["instances"],
        contacts=groups["contacts"],
        belongs=_memberships(key, related.memberships, desk, group=False),
        members=_memberships(key, related.memberships, desk, group=True),
        establishments=tuple(_site(item, desk) for item in related.sites),
        facts=tuple(desk.fact(fact) for fact in structure.facts),
        notes=structure.notes,
        conflicts=desk.conflicts(pairs, _NOT_IN_CONFLICT),
        references=desk.references(),
    )


def tie_sheet_of(
    store: GraphStore, tie: ViewTie, on: date, language: str, *, restricted: bool = False
) -> TieSheet:
    """Return the sheet of a tie of the view: its ends, and what it stands for on day `on`."""
    desk = Desk(store, on, language, restricted=restricted)
    ids = frozenset(tie.cooperations)
    found = store.cooperations(ids) if ids else []
    held = [
        item
        for item in active(store.memberships(), on)
        if {item.member, item.group} == {tie.source, tie.target}
    ]
    desk.fetch({tie.source, tie.target} | _named(found))
    related = Related([], held, [Reached(item, None) for item in found])
    return TieSheet(
        id=tie.id,
        label=tie.label,
        situation=text("view.situation", language, day=day_in_words(on, language)),
        ends=(_end(tie.source, desk), _end(tie.target, desk)),
        agreements=tuple(card for _, card in _cards(related, desk)),
        memberships=_memberships(tie.source, held, desk, group=False)
        + _memberships(tie.source, held, desk, group=True),
        references=desk.references(),
    )


def _end(key: str, desk: Desk) -> Entry:
    structure = desk.structures.get(key)
    kind = text(f"kind.{(structure.kind if structure else None) or 'unknown'}", desk.language)
    return Entry(label=kind, text=desk.name(key), link=desk.link(key))


def _named(cooperations: Iterable[Cooperation]) -> set[str]:
    """Return every structure that these cooperations name."""
    found = set()
    for item in cooperations:
        found |= {party.structure for party in item.parties} | set(item.sites)
    return found


def _related(store: GraphStore, structure: Structure, desk: Desk, *, inherit: bool) -> Related:
    """Read what stands around a structure, and every name that the sheet will write."""
    sites = store.structures(StructureQuery(legal_entities=frozenset({structure.id})))
    everyone = {structure.id, structure.legal_entity, *(item.id for item in sites)}
    memberships = [item for item in store.memberships() if everyone & {item.member, item.group}]
    desk.structures |= {item.id: item for item in sites}
    around = {key for item in memberships for key in (item.member, item.group)}
    around |= {structure.legal_entity} if structure.legal_entity else set()
    desk.fetch(around)
    cooperations = as_amended(store.cooperations(), desk.on)
    reached = reached_by(structure, sites, cooperations, memberships, desk)
    reached = [item for item in reached if inherit or item.via is None]
    named = _named(item for item, _ in reached)
    places = {ref for item, _ in reached for ref in item.territory} | set(structure.covers)
    communes = {item.commune for item in (structure, *sites) if item.commune}
    desk.fetch(named, places | {f"commune:{code}" for code in communes})
    return Related(sites, memberships, reached)


def _cards(related: Related, desk: Desk) -> list[tuple[str, AgreementCard]]:
    layers = {item.id: layer_of(item) for item, _ in related.reached}
    claims: dict[str, list[StoredClaim]] = defaultdict(list)
    if layers:
        for stored in desk.store.claims("cooperation", sorted(layers)):
            claims[stored.claim.id].append(stored)
    everything = {item.id: item for item in desk.store.cooperations()}
    made = cards(related.reached, claims, everything, desk)
    return [(layers[card.id], card) for card in made]


def _outside(related: Related, network: Network | None) -> frozenset[str]:
    """Return the cooperations in which nobody of the focus set is a party."""
    if network is None or network.focus is None:
        return frozenset()
    return frozenset(
        item.id
        for item, _ in related.reached
        if network.focus_set.isdisjoint(party.structure for party in item.parties)
    )


def _by_section(
    made: Sequence[tuple[str, AgreementCard]], outside: frozenset[str]
) -> Mapping[str, tuple[AgreementCard, ...]]:
    sections: dict[str, list[AgreementCard]] = defaultdict(list)
    for layer, card in made:
        if layer != "cooperation":
            name = f"{layer}s"
        elif card.id in outside:
            name = "elsewhere"
        else:
            name = "agreements" if card.counted else "past"
        sections[name].append(card)
    return defaultdict(tuple, {name: tuple(found) for name, found in sections.items()})


def _site(item: Structure, desk: Desk) -> Entry:
    kind = text(f"kind.{item.kind or 'unknown'}", desk.language)
    commune = desk.territories.get(f"commune:{item.commune}")
    closed = desk.say("sheet.closed") if _is_closed(item, desk.on) else None
    return Entry(
        label=f"{kind} · {commune}" if commune else kind,
        text=item.name or item.id,
        link=item.id,
        note=closed,
    )


def _is_closed(item: Structure, on: date) -> bool:
    return item.closed is not None and latest(item.closed) < on


def _memberships(
    key: str, memberships: Sequence[Membership], desk: Desk, *, group: bool
) -> tuple[Entry, ...]:
    """Return the groupings of a structure, or with `group` the members of a grouping."""
    held = {item.id for item in active(memberships, desk.on)}
    mine = [item for item in memberships if (item.group if group else item.member) == key]
    claims: dict[str, list[Statement]] = defaultdict(list)
    for stored in desk.store.claims("membership", [item.id for item in mine]) if mine else []:
        claim = stored.claim
        claims[claim.id].append(Statement(value=None, source=claim.source, locator=claim.locator))
    return tuple(
        _membership(item, item.member if group else item.group, claims[item.id], desk)
        for item in mine
        if item.id in held
    )


def _membership(item: Membership, other: str, statements: Sequence[Statement], desk: Desk) -> Entry:
    notes = [since(item.since, desk.language)] if item.since else []
    notes += [item.note] if item.note else []
    notes += [desk.say("sheet.inferred")] if item.inferred else []
    return Entry(
        label=word("role", item.role, desk.language),
        text=desk.name(other),
        link=desk.link(other),
        note=desk.together(notes),
        mark="inferred" if item.inferred else None,
        cites=desk.cites(statements),
    )


def _standing_words(key: str, network: Network | None, desk: Desk) -> str:
    """Return how the structure stands in the network on screen."""
    if network is None:
        return ""
    if key == network.focus:
        return desk.say("standing.focus")
    partner = network.partners.get(key)
    if partner is None:
        inside = network.focus is not None and key in network.focus_set
        return desk.say("standing.site" if inside else "standing.none")
    if partner.via and partner.through:
        desk.fetch([partner.through])
        name = desk.name(partner.through)
        return desk.say("standing.via", via=text(f"via.{partner.via}", desk.language), name=name)
    if not partner.cooperations:
        return desk.say("standing.partner_none")
    return desk.say("standing.partner", n=len(partner.cooperations))
