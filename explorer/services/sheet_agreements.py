"""The agreements, seats and contacts of a structure, as its sheet shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.services.sheet_citing import Desk, small, word
from explorer.services.sheet_model import AgreementCard, Entry, link_to
from explorer.services.sheet_reach import Reached
from explorer.wording import dated, day_in_words, since
from graph.messages import text
from graph.model import Cooperation, Party
from graph.resolve import Statement
from graph.status import alerts, notice_deadline, standing
from graph.store.port import StoredClaim
from graph.vocabulary import Status

_PLAIN_FIELDS = (
    "object",
    "filiere",
    "themes",
    "activity",
    "pathway",
    "project_axis",
    "territory",
    "signed",
    "effective",
    "end",
    "attested",
    "stage",
    "requested",
    "sent",
    "returned",
    "suspended",
    "resumed",
    "denounced",
    "terminated",
    "abandoned",
    "still_applied",
    "indefinite",
    "tacit_renewal",
    "renewals_limit",
    "termination_terms",
    "amount",
    "amount_direction",
    "annexes",
    "internal_owner",
    "administrative_referent",
    "medical_referent",
    "referent_mailbox",
    "next_action",
    "next_action_by",
    "next_action_on",
    "review_due",
    "review_done",
    "alive",
    "confidentiality",
    "document",
    "remarks",
)
RESERVED = frozenset(
    [
        "object",
        "amount",
        "amount_direction",
        "annexes",
        "termination_terms",
        "internal_owner",
        "administrative_referent",
        "medical_referent",
        "referent_mailbox",
        "next_action",
        "next_action_by",
        "document",
        "remarks",
    ]
)
"""What an agreement marked *restreint* does not show unless the installation asks for it."""

_MONTHS = ("duration_months", "renewal_months", "notice_months")
_TRACKED = ("object", "signed", "effective", "end", "tacit_renewal", "notice_months")
_NOT_IN_CONFLICT = frozenset({"parties", "remarks", "sites_stated", "facts", "annexes"})
_ORDER = (Status.IN_FORCE, Status.RENEWED, Status.EXPIRED_APPLIED, Status.ATTESTED, *Status)


def cards(
    reached: Sequence[Reached],
    claims: Mapping[str, list[StoredClaim]],
    everything: Mapping[str, Cooperation],
    desk: Desk,
) -> list[AgreementCard]:
    """Return one card a cooperation, those in force first, then by title."""
    made = [
        _card(item.cooperation, item.via, claims.get(item.cooperation.id, []), everything, desk)
        for item in reached
    ]
    ranks = {str(status): rank for rank, status in reversed(list(enumerate(_ORDER)))}
    return sorted(
        made,
        key=lambda card: (
            card.via is not None,
            ranks.get(card.status or "", len(ranks)),
            card.title.casefold(),
        ),
    )


def _card(
    item: Cooperation,
    via: str | None,
    claims: Sequence[StoredClaim],
    everything: Mapping[str, Cooperation],
    desk: Desk,
) -> AgreementCard:
    pairs = desk.pairs(claims)
    stated = desk.stated(pairs)
    now = standing(item, desk.on)
    status = str(now.status) if now else None
    hidden = is_reserved(item, desk)
    return AgreementCard(
        id=item.id,
        title=item.title or (None if hidden else item.object) or item.id,
        type_label=text(f"type.{item.type or 'unknown'}", desk.language),
        status=status,
        status_label=text(f"status.{status or 'unknown'}", desk.language),
        certain=now is None or now.certain,
        counted=now is not None and now.counted,
        when=when(item, desk),
        sites=_sites(item, desk),
        alerts=_alerts(item, desk),
        via=via,
        parties=tuple(_party(party, desk) for party in item.parties),
        entries=(*_entries(item, stated, desk), *_relatives(item, everything, desk)),
        conflicts=desk.conflicts(pairs, _NOT_IN_CONFLICT | (RESERVED if hidden else frozenset())),
        unknown=_unknown(item, desk),
        reserved=desk.say("sheet.reserved") if hidden else None,
        cites=desk.cites(
            Statement(value=None, source=claim.source, locator=claim.locator) for claim, _ in pairs
        ),
    )


def is_reserved(item: Cooperation, desk: Desk) -> bool:
    """Tell whether a part of `item` is kept back: *restreint*, and nobody asked for it."""
    return item.id in desk.reserved


def when(item: Cooperation, desk: Desk) -> str:
    """Return since when and until when the cooperation holds, in one sentence."""
    start = item.effective or item.signed
    if start is None:
        return _when_unstated(item, desk)
    begun = since(start, desk.language)
    return f"{begun[0].upper()}{begun[1:]}. {_until(item, desk)}"


def _until(item: Cooperation, desk: Desk) -> str:
    now = standing(item, desk.on)
    if now is not None and now.term is not None:
        return desk.say("when.term", day=day_in_words(now.term, desk.language))
    return desk.say("when.indefinite" if item.indefinite else "when.no_term")


def _when_unstated(item: Cooperation, desk: Desk) -> str:
    if item.attested:
        return desk.say("when.attested", day=dated(item.attested, desk.language))
    return desk.say("when.unknown")


def _sites(item: Cooperation, desk: Desk) -> str:
    if item.sites:
        return desk.value("sites", item.sites)
    return text("word.unknown" if not item.sites_stated else "page.sheet.all_sites", desk.language)


def _alerts(item: Cooperation, desk: Desk) -> tuple[str, ...]:
    words = [text(f"alert.{alert}", desk.language) for alert in alerts(item, desk.on)]
    deadline = notice_deadline(item, desk.on)
    if deadline is not None and deadline >= desk.on:
        words.append(desk.say("when.notice", day=day_in_words(deadline, desk.language)))
    return tuple(words)


def _party(party: Party, desk: Desk) -> Entry:
    notes = [word("structure_level", party.level, desk.language)] if party.level else []
    notes += [desk.say("sheet.signatory", name=party.signatory)] if party.signatory else []
    if party.match is not None:
        written = party.stated_name or ""
        notes.append(desk.say("sheet.matched", name=written, score=round(party.match)))
    notes += [party.note] if party.note else []
    return Entry(
        label=word("role", party.role, desk.language),
        text=desk.name(party.structure),
        link=desk.link(party.structure),
        note=desk.together(notes),
        mark="inferred" if party.match is not None else None,
    )


def _entries(
    item: Cooperation, stated: Mapping[str, list[Statement]], desk: Desk
) -> tuple[Entry, ...]:
    hidden = RESERVED if is_reserved(item, desk) else frozenset[str]()
    found = [
        Entry(
            label=desk.say(f"field.{field}"),
            text=desk.value(field, getattr(item, field)),
            cites=desk.cites(stated.get(field, ())[:1]),
        )
        for field in _PLAIN_FIELDS
        if field not in hidden and getattr(item, field) not in (None, ())
    ]
    found += [
        Entry(
            label=desk.say(f"field.{field}"),
            text=desk.say("sheet.months", n=getattr(item, field)),
            cites=desk.cites(stated.get(field, ())[:1]),
        )
        for field in _MONTHS
        if getattr(item, field) is not None
    ]
    found += [_approval(body.body, body.given, body.date, desk) for body in item.approvals]
    return (*found, *(desk.fact(fact) for fact in item.facts if not hidden))


def _approval(body: str, given: bool | None, day: object, desk: Desk) -> Entry:  # noqa: FBT001 - a fact of the record
    said = desk.value("given", given)
    dated = f", {desk.value('signed', day)}" if day else ""
    return Entry(label=desk.say("sheet.approval", body=body), text=f"{said}{dated}")


def _relatives(item: Cooperation, everything: Mapping[str, Cooperation], desk: Desk) -> list[Entry]:
    """Return what it depends on, replaces, and its amendments."""
    named = [
        Entry(
            label=desk.say(f"field.{field}"),
            text=_title(everything, key),
            link=link_to(key) if key in everything else None,
        )
        for field in ("parent", "replaces", "replaced_by")
        if (key := getattr(item, field))
    ]
    children = [child for child in everything.values() if child.parent == item.id]
    named += [
        Entry(
            label=desk.say("sheet.amendment"),
            text=child.title or child.object or child.id,
            link=link_to(child.id),
            note=when(child, desk),
        )
        for child in children
    ]
    return named


def _title(everything: Mapping[str, Cooperation], key: str) -> str:
    other = everything.get(key)
    return (other.title if other else None) or key


def _unknown(item: Cooperation, desk: Desk) -> tuple[str, ...]:
    missing = [field for field in _TRACKED if getattr(item, field) is None]
    if item.indefinite:
        missing = [field for field in missing if field not in {"end", "tacit_renewal"}]
    if not item.sites and not item.sites_stated:
        missing.append("sites")
    if not any(party.signatory for party in item.parties):
        missing.append("signatory")
    return tuple(small(desk.say(f"field.{field}")) for field in missing)
