"""What every claim of every loader must be; each check raises AssertionError and says why."""

from __future__ import annotations

import re
import typing
from functools import cache
from itertools import chain
from math import isfinite

from graph.dates import PartialDate, bounds, earliest, latest
from graph.identifiers import is_finess, split_ref
from graph.model import (
    AnyClaim,
    CooperationClaim,
    MembershipClaim,
    StructureClaim,
    TerritoryClaim,
    membership_id,
)
from graph.vocabulary import (
    CONFIDENTIALITY,
    COOPERATION_TYPES,
    KINDS,
    LEGAL_STATUSES,
    LEVELS,
    PARTY_LEVELS,
    PATHWAY_STEPS,
    PRECISIONS,
)
from loaders.communes import CommuneIndex
from tests.contract.loaders.subject import Subject, strings

_SLUG = re.compile(r"[a-z_]+:[a-z0-9]+(?:-[a-z0-9]+)*")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
_PHONE = re.compile(r"(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)")
_PERSON = re.compile(r"\b(?:Mme|Mlle|Dr|Pr)\.? [A-ZÉÈ]|\bMM?\. [A-ZÉÈ]")
_SOCIAL_SECURITY = re.compile(r"(?<!\d)[12]\d{2}(?:0[1-9]|1[0-2])\d{8}(?:\d{2})?(?!\d)")
_GENERIC_MAILBOX = frozenset({"referent_mailbox"})
"""Fields made for a mailbox of a function, never of a person."""


def check_keys(subject: Subject) -> None:
    """One claim for each thing and source; every id has the form of its kind."""
    seen: set[tuple[str, str, str]] = set()
    for claim in subject.batch.claims:
        key = (type(claim).__name__, claim.id, claim.source)
        assert key not in seen, f"claimed twice: {key}"
        seen.add(key)
        assert _well_formed(claim), f"not an id of its kind: {key}"


def _well_formed(claim: AnyClaim) -> bool:
    if isinstance(claim, StructureClaim):
        return is_finess(claim.id) or _SLUG.fullmatch(claim.id) is not None
    if isinstance(claim, MembershipClaim):
        return claim.id == membership_id(claim.member, claim.group, claim.role)
    if isinstance(claim, TerritoryClaim):
        return claim.id == f"{claim.level}:{claim.code}"
    return bool(claim.id.strip())


def check_evidence(subject: Subject) -> None:
    """Every claim and fact comes from a declared source and says where in it."""
    declared = {source.id for source in subject.batch.sources}
    for claim in subject.batch.claims:
        assert claim.source in declared, f"{claim.id}: undeclared source {claim.source}"
        assert claim.locator.strip(), f"{claim.id}: no locator"
        for fact in getattr(claim, "facts", ()):
            assert fact.source is None or fact.source in declared, f"{claim.id}: {fact}"
            assert fact.topic, f"{claim.id}: a fact about nothing"


def check_parts(subject: Subject) -> None:
    """Every claim is in a part that the batch speaks of, or in none: else nothing removes it."""
    parts = subject.batch.parts
    if parts is None:
        return
    for claim in subject.batch.claims:
        assert claim.part in {*parts, ""}, (
            f"{claim.id}: part {claim.part!r} is not in {sorted(parts)}"
        )


def check_codes(subject: Subject) -> None:
    """Kinds, statuses, levels and types are those of the vocabulary."""
    for claim in subject.batch.claims:
        for name, allowed in _VOCABULARY.items():
            value = getattr(claim, name, None)
            values = value if isinstance(value, tuple) else (value,)
            for item in values:
                assert item is None or item in allowed, f"{claim.id}: {name}={item!r}"
        if isinstance(claim, StructureClaim):
            assert claim.level in {"EJ", "ET", None}, f"{claim.id}: level={claim.level!r}"
        if isinstance(claim, TerritoryClaim):
            assert claim.level in LEVELS, f"{claim.id}: level={claim.level!r}"
        if isinstance(claim, CooperationClaim):
            for party in claim.parties:
                assert party.level in {*PARTY_LEVELS, None}, f"{claim.id}: {party}"


_VOCABULARY: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "legal_status": LEGAL_STATUSES,
    "precision": PRECISIONS,
    "type": COOPERATION_TYPES,
    "pathway": PATHWAY_STEPS,
    "confidentiality": CONFIDENTIALITY,
}


def check_territories(subject: Subject) -> None:
    """Communes exist today; references are ``level:code``."""
    index = CommuneIndex.bundled()
    for claim in subject.batch.claims:
        commune = getattr(claim, "commune", None)
        assert commune is None or index.by_code(commune), f"{claim.id}: commune={commune}"
        names = ("covers", "territory", "parents", "members")
        for ref in chain.from_iterable(getattr(claim, name, ()) for name in names):
            level, code = split_ref(ref)
            assert level in LEVELS, f"{claim.id}: {ref}"
            assert _CODE.fullmatch(code), f"{claim.id}: {ref}"
            assert level != "commune" or index.by_code(code), f"{claim.id}: {ref}"


def check_dates(subject: Subject) -> None:
    """Every date is a partial date, and no end comes before its start."""
    for claim in subject.batch.claims:
        for name in _date_fields(type(claim)):
            _check_date(claim, name, getattr(claim, name))
        for fact in getattr(claim, "facts", ()):
            _check_date(claim, fact.topic, fact.date)
        for start, end in (("opened", "closed"), ("effective", "end"), ("since", "until")):
            first, last = getattr(claim, start, None), getattr(claim, end, None)
            if first and last:
                assert earliest(first) <= latest(last), f"{claim.id}: {end} before {start}"


def _check_date(claim: AnyClaim, name: str, value: PartialDate | None) -> None:
    if value is None:
        return
    try:
        bounds(value)
    except ValueError as error:
        raise AssertionError(f"{claim.id}: {name}: {error}") from None


@cache
def _date_fields(cls: type) -> tuple[str, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(name for name, hint in hints.items() if PartialDate in typing.get_args(hint))


def check_positions(subject: Subject) -> None:
    """A position is a pair of degrees with its precision; other numbers are finite."""
    for claim in subject.batch.claims:
        if isinstance(claim, StructureClaim):
            pair = (claim.longitude, claim.latitude)
            assert (pair[0] is None) == (pair[1] is None), f"{claim.id}: half a position"
            if pair[0] is not None and pair[1] is not None:
                assert abs(pair[0]) <= 180, f"{claim.id}: {pair}"
                assert abs(pair[1]) <= 90, f"{claim.id}: {pair}"
                assert claim.precision, f"{claim.id}: a position without its precision"
                assert pair == (round(pair[0], 6), round(pair[1], 6)), f"{claim.id}: {pair}"
        for fact in getattr(claim, "facts", ()):
            finite = not isinstance(fact.value, float) or isfinite(fact.value)
            assert finite, f"{claim.id}: {fact.topic} is not a number"


def check_privacy(subject: Subject) -> None:
    """No telephone, mailbox, social security number or person's name in any value."""
    for claim in subject.batch.claims:
        for name, text in strings(claim):
            assert not _PHONE.search(text), f"{claim.id}: {name} holds a telephone: {text!r}"
            assert not _SOCIAL_SECURITY.search(text), f"{claim.id}: {name}: {text!r}"
            assert not _PERSON.search(text), f"{claim.id}: {name} names a person: {text!r}"
            if name not in _GENERIC_MAILBOX:
                assert not _EMAIL.search(text), f"{claim.id}: {name} holds a mailbox: {text!r}"
