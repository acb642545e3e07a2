"""The sheet of one agreement: parties, sites, evidence, amendments, and why its status holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from explorer.services.agreement_words import why
from explorer.services.agreements import title_of
from explorer.services.sheet_agreements import cards
from explorer.services.sheet_citing import Desk
from explorer.services.sheet_model import AgreementCard, Entry, Reference
from explorer.services.sheet_reach import Reached
from explorer.view_state import agreement_key
from explorer.viewmodel.model import View
from explorer.wording import day_in_words
from graph.amendments import as_amended, is_amendment
from graph.errors import UsageError
from graph.messages import text
from graph.model import Cooperation
from graph.status import standing
from graph.store.port import GraphStore, StoredClaim


class AgreementSheet(View, frozen=True, kw_only=True):
    """What is known of an agreement on a day. `key` is its opaque id, as a link carries it.

    `amendments` are cards of their own, each with its own evidence.
    """

    key: str
    title: str
    situation: str
    why: str
    card: AgreementCard
    sites: tuple[Entry, ...] = ()
    amendments: tuple[AgreementCard, ...] = ()
    references: tuple[Reference, ...] = ()


def agreement_of(cooperations: Iterable[Cooperation], key: str) -> Cooperation | None:
    """Return the agreement whose opaque id is `key`, None if there is none."""
    return next((item for item in cooperations if agreement_key(item.id) == key), None)


def agreement_sheet_of(
    store: GraphStore, key: str, on: date, language: str, *, restricted: bool = False
) -> AgreementSheet:
    """Return the sheet of the agreement whose opaque id is `key`, on day `on`.

    Parameters
    ----------
    store : GraphStore
        Where everything is read.
    key : str
        :func:`explorer.view_state.agreement_key` of its id.
    on : datetime.date
        The day asked about.
    language : {'fr', 'en'}
        Language of the reader.
    restricted : bool
        Whether what is reserved in agreements marked *restreint* is shown.

    Raises
    ------
    UsageError
        No such agreement.
    """
    stated = store.cooperations()
    found = agreement_of(as_amended(stated, on), key)
    if found is None:
        raise UsageError("unknown_agreement", id=key)
    children = [item for item in stated if is_amendment(item, found)]
    desk = Desk(store, on, language, restricted=restricted)
    named = {party.structure for item in (found, *children) for party in item.parties}
    desk.fetch(named | set(found.sites), found.territory)
    claims: dict[str, list[StoredClaim]] = {item.id: [] for item in (found, *children)}
    for claim in store.claims("cooperation", sorted(claims)):
        claims[claim.claim.id].append(claim)
    everything = {item.id: item for item in stated}
    # Its amendments stand in a part of their own, with their evidence.
    others = {key: item for key, item in everything.items() if item not in children}
    (card,) = cards([Reached(found, None)], claims, others, desk)
    below = cards([Reached(item, None) for item in children], claims, everything, desk)
    return AgreementSheet(
        key=key,
        title=title_of(found),
        situation=text("view.situation", language, day=day_in_words(on, language)),
        why=why(found, standing(found, on), on, language),
        card=card,
        sites=tuple(_site(site, desk) for site in found.sites),
        amendments=tuple(below),
        references=desk.references(),
    )


def _site(key: str, desk: Desk) -> Entry:
    return Entry(label=desk.say("field.sites"), text=desk.name(key), link=desk.link(key))
