"""Which cooperations concern a structure, and by which way; the way is always named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from explorer.services.sheet_citing import Desk
from graph.model import Cooperation, Membership, Structure
from graph.projection import active, insiders


class Reached(NamedTuple):
    """A cooperation and how the structure comes to it: None when it is a party itself."""

    cooperation: Cooperation
    via: str | None


def reached_by(
    structure: Structure,
    sites: Sequence[Structure],
    cooperations: Iterable[Cooperation],
    memberships: Sequence[Membership],
    desk: Desk,
) -> list[Reached]:
    """Return the cooperations that concern `structure`, its own first.

    Others are reached through its legal entity or a grouping that it belongs to, or are those of
    its establishments and members; the way is always named.
    """
    routes = _routes(structure, sites, memberships, desk)
    found = []
    for item in cooperations:
        named = {party.structure for party in item.parties}
        if structure.id in named or structure.id in item.sites:
            found.append(Reached(item, None))
        elif via := next((words for key, words in routes.items() if key in named), None):
            found.append(Reached(item, via))
    return sorted(found, key=lambda reached: (reached.via is not None, reached.cooperation.id))


def _routes(
    structure: Structure,
    sites: Sequence[Structure],
    memberships: Sequence[Membership],
    desk: Desk,
) -> dict[str, str]:
    """Return the structures whose agreements reach this one, with the words that say how."""
    held = insiders(active(memberships, desk.on))
    routes = {}
    if structure.legal_entity:
        entity = structure.legal_entity
        routes[entity] = desk.say("via.entity", name=desk.name(entity))
    for item in held:
        if item.member in {structure.id, structure.legal_entity}:
            routes[item.group] = desk.say("via.group", name=desk.name(item.group))
    for site in sites:
        routes.setdefault(site.id, desk.say("via.site", name=site.name or site.id))
    for item in held:
        if item.group == structure.id:
            routes.setdefault(item.member, desk.say("via.member", name=desk.name(item.member)))
    routes.pop(structure.id, None)
    return routes
