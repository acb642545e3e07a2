"""The sheet of a structure as a tree for the panel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explorer.services.agreement_sheet import AgreementSheet
from explorer.services.sheet_model import (
    AgreementCard,
    Conflict,
    Entry,
    Reference,
    Sheet,
    TieSheet,
    link_to,
)
from explorer.ui.tree import Node, el, icon, opener
from graph.messages import text

OPEN_CARDS = 1
"""Up to this number of agreements, their details are open from the start."""


class _Writer:
    """Writes the parts of one sheet: language and references at hand."""

    def __init__(self, references: Sequence[Reference], language: str) -> None:
        self.language = language
        self.places = {item.number: item for item in references}

    def say(self, key: str, /, **params: object) -> str:
        return text(f"page.sheet.{key}", self.language, **params)

    def cites(self, numbers: Iterable[int]) -> list[Node]:
        return [
            el("sup", str(number), title=_place(self.places[number]))
            for number in numbers
            if number in self.places
        ]

    def value(self, entry: Entry) -> list[Node]:
        """Return a value, what qualifies it and its citations."""
        found = [opener(entry.text, entry.link) if entry.link else entry.text]
        if entry.mark == "candidate":
            found.append(el("span", self.say("candidate_badge"), class_="badge candidate"))
        found += self.cites(entry.cites)
        return [*found, el("span", entry.note, class_="note")] if entry.note else found

    def rows(self, entries: Sequence[Entry]) -> Node | None:
        if not entries:
            return None
        pairs = [(el("dt", item.label), el("dd", *self.value(item))) for item in entries]
        return el("dl", *(node for pair in pairs for node in pair))

    def section(self, key: str, count: int | None, *children: Node | None) -> Node:
        number = el("span", str(count), class_="count") if count else None
        return el("section", el("h3", self.say(key), number), *children)

    def unknown(self, labels: Sequence[str]) -> Node | None:
        if not labels:
            return None
        return el("p", self.say("unknown", fields=", ".join(labels)), class_="unknown")

    def cards(self, key: str, cards: Sequence[AgreementCard]) -> Node | None:
        if not cards:
            return None
        opened = len(cards) <= OPEN_CARDS
        items = [el("li", *self.card(card, opened=opened)) for card in cards]
        return self.section(key, len(cards), el("ul", *items, class_="cards"))

    def card(self, card: AgreementCard, *, opened: bool) -> list[Node]:
        inside = [
            self.rows(card.parties),
            self.rows(card.entries),
            *(self.conflict(item) for item in card.conflicts),
            self.unknown(card.unknown),
            el("p", card.reserved, class_="unknown") if card.reserved else None,
        ]
        summary = el("summary", self.say("details"))
        return [
            el("p", opener(card.title, link_to(card.id)), *self.cites(card.cites), class_="title"),
            el("p", *self.badges(card), class_="badges"),
            el("p", card.when),
            el("p", self.say("sites", sites=card.sites)),
            *([el("p", card.via, class_="muted")] if card.via else []),
            el("details", summary, *inside, data_key=card.id, open=opened),
        ]

    def badges(self, card: AgreementCard) -> list[Node]:
        counted = " counted" if card.counted else ""
        dashed = f" {card.status}" if card.status == "attestee" else ""
        found = [el("span", card.status_label, class_=f"badge{counted}{dashed}")]
        if not card.certain:
            found.append(
                el("span", self.say("uncertain"), class_="badge", title=self.say("uncertain_help"))
            )
        found += [el("span", alert, class_="badge alert") for alert in card.alerts]
        return [*found, el("span", card.type_label, class_="muted")]

    def conflict(self, conflict: Conflict) -> Node:
        return el(
            "div",
            el("h4", self.say("conflict", field=conflict.label)),
            self.rows(conflict.statements),
        )

    def entries(self, key: str, entries: Sequence[Entry]) -> Node | None:
        return self.section(key, len(entries), self.rows(entries)) if entries else None


def sheet_nodes(sheet: Sheet, language: str) -> list[Node]:
    """Return the tree of `sheet`: what a partnership officer asks first stands first."""
    write = _Writer(sheet.references, language)
    parts = [
        _header(sheet),
        write.cards("agreements", sheet.agreements),
        None if sheet.agreements else el("p", write.say("no_agreement"), class_="unknown"),
        write.cards("past", sheet.past),
        write.cards("instances", sheet.instances),
        write.cards("contacts", sheet.contacts),
        write.cards("elsewhere", sheet.elsewhere),
        write.section("identity", None, write.rows(sheet.identity), write.unknown(sheet.unknown)),
        write.entries("place", sheet.place),
        write.entries("neighbours", sheet.neighbours),
        write.entries("measures", sheet.measures),
        write.entries("belongs", sheet.belongs),
        write.entries("members", sheet.members),
        write.entries("establishments", sheet.establishments),
        write.entries("facts", sheet.facts),
        _notes(sheet, write),
        _conflicts(sheet.conflicts, write),
        _references(sheet.references, write),
    ]
    return [el("article", *parts, lang=language)]


def tie_nodes(tie: TieSheet, language: str) -> list[Node]:
    """Return the tree of a tie: who it joins, and what it stands for."""
    write = _Writer(tie.references, language)
    ends = [el("p", opener(end.text, end.link), el("span", f" · {end.label}")) for end in tie.ends]
    header = el(
        "header",
        el("p", write.say("tie"), class_="kind"),
        el("h2", tie.label),
        *ends,
        el("p", tie.situation, class_="muted"),
    )
    parts = [
        header,
        write.cards("agreements", tie.agreements),
        write.entries("memberships", tie.memberships),
        _references(tie.references, write),
    ]
    return [el("article", *parts, lang=language)]


def agreement_nodes(sheet: AgreementSheet, language: str) -> list[Node]:
    """Return the tree of an agreement: status and why, parties, dates, evidence, amendments."""
    write = _Writer(sheet.references, language)
    card = sheet.card
    header = el(
        "header",
        el("p", write.say("agreement"), f" · {card.type_label}", class_="kind"),
        el("h2", sheet.title, *write.cites(card.cites)),
        el("p", *write.badges(card)[:-1], class_="badges"),
        el("p", sheet.why),
        el("p", sheet.situation, class_="muted"),
    )
    sites = el("p", write.say("sites", sites=card.sites))
    parts = [
        header,
        write.section("parties", len(card.parties), write.rows(card.parties)),
        write.section("concerned", None, write.rows(sheet.sites) if sheet.sites else sites),
        write.section(
            "what",
            None,
            write.rows(card.entries),
            write.unknown(card.unknown),
            el("p", card.reserved, class_="unknown") if card.reserved else None,
        ),
        write.cards("amendments", sheet.amendments),
        _conflicts(card.conflicts, write),
        _references(sheet.references, write),
    ]
    return [el("article", *parts, lang=language)]


def _header(sheet: Sheet) -> Node:
    where = f"{sheet.kind_label} · {sheet.commune}" if sheet.commune else sheet.kind_label
    return el(
        "header",
        el("p", icon(sheet.symbol, sheet.colour), where, class_="kind"),
        el("h2", sheet.name),
        el("p", sheet.standing_words, class_="standing") if sheet.standing_words else None,
        el("p", sheet.situation, class_="muted"),
    )


def _notes(sheet: Sheet, write: _Writer) -> Node | None:
    if not sheet.notes:
        return None
    lines = [el("p", note, class_="plain") for note in sheet.notes]
    return write.section("notes", None, *lines)


def _conflicts(conflicts: Sequence[Conflict], write: _Writer) -> Node | None:
    if not conflicts:
        return None
    parts = [write.conflict(item) for item in conflicts]
    return write.section("conflicts", len(parts), *parts)


def _references(references: Sequence[Reference], write: _Writer) -> Node | None:
    if not references:
        return None
    items = [
        el("li", el("span", str(item.number)), el("span", _place(item))) for item in references
    ]
    return write.section("references", None, el("ol", *items, class_="references"))


def _place(reference: Reference) -> str:
    return " · ".join(part for part in (reference.source, reference.locator) if part)
