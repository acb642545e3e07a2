"""Numbered citations and names for a sheet: who says it, where, and what ids are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

from explorer.services.sheet_model import Conflict, Entry, Reference
from explorer.wording import date_in_words, dated, joined, number_in_words, source_in_words
from graph.confidentiality import restricted
from graph.dates import PartialDate
from graph.messages import catalogue, text
from graph.model import Fact, SourceRecord, Structure
from graph.resolve import Stated, Statement, conflicts, evidence
from graph.store.port import GraphStore, StoredClaim, StructureQuery, TerritoryQuery

_DATES = frozenset(
    [
        "requested",
        "sent",
        "returned",
        "signed",
        "effective",
        "end",
        "suspended",
        "resumed",
        "denounced",
        "terminated",
        "abandoned",
        "attested",
        "next_action_on",
        "review_due",
        "review_done",
        "opened",
        "closed",
        "legal_entity_since",
        "since",
        "until",
    ]
)
_TERRITORIES = frozenset({"covers", "territory"})
_STRUCTURES = frozenset({"legal_entity", "sites", "parent_structure"})
_WORDS = {
    "kind": "kind",
    "level": "structure_level",
    "legal_status": "legal_status",
    "type": "type",
    "stage": "status",
    "pathway": "pathway",
    "confidentiality": "confidentiality",
    "activities": "activity",
    "amount_direction": "page.direction",
}


def word(area: str, key: str, language: str) -> str:
    """Return the catalogue's word for `key`, or the key itself made readable.

    Activities, roles and topics are open lists: a register may bring new ones.
    """
    return catalogue(language).get(f"{area}.{key}") or key.replace("_", " ")


def small(label: str) -> str:
    """Return a label as it stands inside a sentence; sigles keep their capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"


class Desk:
    """What a sheet is written with: sources, names, language, and the citations so far."""

    def __init__(
        self, store: GraphStore, on: date, language: str, *, restricted: bool = False
    ) -> None:
        self.store = store
        self.restricted = restricted
        self.on = on
        self.language = language
        self.sources: Mapping[str, SourceRecord] = {item.id: item for item in store.sources()}
        self.structures: dict[str, Structure] = {}
        self.territories: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], int] = {}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The agreements of which a part is kept back, with their families."""
        if self.restricted:
            return frozenset()
        return restricted(self.store.cooperations())

    def say(self, key: str, /, **params: object) -> str:
        """Return the message ``page.<key>``."""
        return text(f"page.{key}", self.language, **params)

    def together(self, notes: Sequence[str]) -> str | None:
        """Return remarks one after the other, as the language parts them; None without any."""
        return text("coverage.line.between", self.language).join(notes) or None

    def fetch(self, ids: Iterable[str], refs: Iterable[str] = ()) -> None:
        """Read the structures and the names of the territories that the sheet will name."""
        wanted = frozenset(ids) - frozenset(self.structures)
        if wanted:
            found = self.store.structures(StructureQuery(ids=wanted))
            self.structures |= {item.id: item for item in found}
        places = frozenset(refs) - frozenset(self.territories)
        if places:
            named = self.store.territories(TerritoryQuery(ids=places))
            self.territories |= {item.id: item.name or item.id for item in named}

    def name(self, key: str) -> str:
        """Return the name of a structure, its id where no source names it."""
        structure = self.structures.get(key)
        return (structure.name if structure else None) or key

    def link(self, key: str) -> str | None:
        """Return `key` if the store knows the structure, so that it can be opened."""
        return key if key in self.structures else None

    def cite(self, source: str, locator: str) -> int:
        """Return the number of this place in this source."""
        return self._numbers.setdefault((source, locator), len(self._numbers) + 1)

    def cites(self, statements: Iterable[Statement]) -> tuple[int, ...]:
        """Return the numbers of the places that state a value, without repeats."""
        return tuple(dict.fromkeys(self.cite(item.source, item.locator) for item in statements))

    def references(self) -> tuple[Reference, ...]:
        """Return every place cited so far, in order."""
        return tuple(
            Reference(
                number=number,
                source=source_in_words(self.sources.get(source), source, self.language),
                locator=locator,
                note=self.sources[source].note if source in self.sources else None,
            )
            for (source, locator), number in self._numbers.items()
        )

    def pairs(self, claims: Sequence[StoredClaim]) -> list[Stated]:
        """Return claims with their sources, ready for :mod:`graph.resolve`."""
        return [
            (item.claim, self.sources[item.claim.source])
            for item in claims
            if item.claim.source in self.sources
        ]

    def value(self, field: str, value: object) -> str:
        """Return the value of `field` in words."""
        if value is None or value in ((), {}):
            return text("word.unknown", self.language)
        if isinstance(value, bool):
            return text("word.yes" if value else "word.no", self.language)
        if isinstance(value, tuple):
            return joined([self.value(field, item) for item in value], self.language)
        if isinstance(value, int | float):
            return number_in_words(value, self.language)
        return self._text(field, str(value))

    def _text(self, field: str, value: str) -> str:
        if field in _DATES:
            return date_in_words(PartialDate(value), self.language)
        if field in _TERRITORIES:
            return self.territories.get(value, value)
        if field in _STRUCTURES:
            return self.name(value)
        area = _WORDS.get(field)
        return word(area, value, self.language) if area else value

    def stated(self, pairs: Sequence[Stated]) -> dict[str, list[Statement]]:
        """Return every statement by field; empty where no source is known."""
        return evidence(pairs) if pairs else {}

    def conflicts(self, pairs: Sequence[Stated], skip: frozenset[str]) -> tuple[Conflict, ...]:
        """Return the values on which sources differ, in words."""
        if not pairs:
            return ()
        return tuple(
            Conflict(
                label=self.say(f"field.{field}"),
                statements=tuple(
                    Entry(
                        label=self.say("sheet.shown" if rank == 0 else "sheet.not_shown"),
                        text=self.value(field, item.value),
                        cites=(self.cite(item.source, item.locator),),
                    )
                    for rank, item in enumerate(statements)
                ),
            )
            for field, statements in conflicts(pairs).items()
            if field not in skip and f"page.field.{field}" in catalogue(self.language)
        )

    def fact(self, item: Fact) -> Entry:
        """Return a figure or statement, with its modality and date, as its source qualifies it."""
        unit, value = item.unit or "", item.value
        if isinstance(value, str):
            said = value.replace("|", ", ")
        elif value is None:
            said = self.say("sheet.no_number")
        else:
            qualifier = (
                word("page.qualifier", item.qualifier, self.language)
                if (item.qualifier and item.qualifier != "exact")
                else ""
            )
            said = f"{qualifier} {number_in_words(value, self.language)} {unit}".strip()
        about = [word("modality", item.modality, self.language)] if item.modality else []
        about += [dated(item.date, self.language)] if item.date else []
        about += [item.note] if item.note else []
        return Entry(
            label=word("topic", item.topic, self.language),
            text=said,
            note=", ".join(about) or None,
            cites=(self.cite(item.source, item.locator or ""),) if item.source else (),
        )
