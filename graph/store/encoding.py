"""How claims and things are written in a store: JSON text, polygons apart.

The polygon of a territory is kept once, under its digest; the JSON holds the digest in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple, cast

import msgspec

from graph.model import (
    AnyClaim,
    Cooperation,
    CooperationClaim,
    Entity,
    EntityKind,
    Membership,
    MembershipClaim,
    Structure,
    StructureClaim,
    Territory,
    TerritoryClaim,
)
from graph.resolve import with_source
from graph.store.port import LoadBatch

KINDS: tuple[EntityKind, ...] = ("structure", "cooperation", "membership", "territory")
"""A kind is written as its place in this tuple."""
CODES = {kind: code for code, kind in enumerate(KINDS)}

_CODE_OF_TYPE: dict[type[AnyClaim], int] = {
    StructureClaim: CODES["structure"],
    CooperationClaim: CODES["cooperation"],
    MembershipClaim: CODES["membership"],
    TerritoryClaim: CODES["territory"],
}
_TERRITORY = CODES["territory"]
_LOCATOR = ',"locator":'
_DIGEST_SIZE = 16

# Sets and dictionaries in a fixed order: the same statement is always the same text.
_encoder = msgspec.json.Encoder(order="deterministic")
_decode_claim: Callable[[str], AnyClaim] = msgspec.json.Decoder(AnyClaim).decode
_entity_decoders: dict[EntityKind, Callable[[str], Entity]] = {
    "structure": msgspec.json.Decoder(Structure).decode,
    "cooperation": msgspec.json.Decoder(Cooperation).decode,
    "membership": msgspec.json.Decoder(Membership).decode,
    "territory": msgspec.json.Decoder(Territory).decode,
}


class Incoming(NamedTuple):
    """A batch made ready: claims by (kind, source) and id, polygons by digest.

    Claims hold the digest of their polygon; their text is made where it is compared or written,
    one at a time.
    """

    claims: dict[tuple[int, str], dict[str, AnyClaim]]
    polygons: dict[bytes, bytes]

    @property
    def groups(self) -> dict[tuple[EntityKind, str], Collection[str]]:
        """The ids that the batch speaks of, by kind and source."""
        return {(KINDS[kind], source): ids.keys() for (kind, source), ids in self.claims.items()}


def arrange(batch: LoadBatch) -> Incoming:
    """Return the claims of `batch` as they will be compared and written."""
    claims: dict[tuple[int, str], dict[str, AnyClaim]] = {}
    polygons: dict[bytes, bytes] = {}
    for stated in batch.claims:
        kind = code_of(stated)
        claim = without_polygon(stated, polygons) if kind == _TERRITORY else stated
        group = claims.get((kind, claim.source))
        if group is None:
            group = claims[kind, claim.source] = {}
        group[claim.id] = claim
    return Incoming(claims, polygons)


def code_of(claim: AnyClaim) -> int:
    """Return the code of what `claim` is about."""
    return _CODE_OF_TYPE[type(claim)]


def without_polygon(claim: AnyClaim, polygons: dict[bytes, bytes]) -> AnyClaim:
    """Return `claim` with the digest of its polygon, if it has one, which goes to `polygons`."""
    polygon = claim.geometry if isinstance(claim, TerritoryClaim) else None
    if polygon is None:
        return claim
    digest = hashlib.blake2b(polygon, digest_size=_DIGEST_SIZE).digest()
    polygons[digest] = polygon
    return msgspec.structs.replace(claim, geometry=digest)


def encode(record: object) -> str:
    """Return `record` as JSON text."""
    return _encoder.encode(record).decode()


def encode_claims(claims: Sequence[AnyClaim]) -> list[bytes]:
    """Return the JSON text of each claim in UTF-8; quicker than one by one."""
    # A line feed within a value is written as an escape.
    return _encoder.encode_lines(claims).split(b"\n")[:-1]


def decode_claim(payload: str) -> AnyClaim:
    """Return the claim that was written as `payload`."""
    return _decode_claim(payload)


def decode_entity(kind: EntityKind, payload: str, source: str | None) -> Entity:
    """Return a resolved thing; `source` is given where `payload` is that of its only claim."""
    entity = _entity_decoders[kind](payload)
    if source is not None:
        msgspec.structs.force_setattr(entity, "sources", (source,))
        if facts := getattr(entity, "facts", ()):
            locator = _locator(payload)
            shown = tuple(with_source(fact, source, locator) for fact in facts)
            msgspec.structs.force_setattr(entity, "facts", shown)
    return entity


def restore_polygon(record: Territory | TerritoryClaim, polygons: Mapping[bytes, bytes]) -> None:
    """Put the polygon back in the place of its digest (None if it was not asked for)."""
    if record.geometry is not None:
        msgspec.structs.force_setattr(record, "geometry", polygons.get(record.geometry))


def _locator(payload: str) -> str:
    """Return where a claim stands in its source: its locator and part are written last."""
    last = payload[payload.rfind(_LOCATOR) + 1 :]
    return cast("str", msgspec.json.decode("{" + last)["locator"])


def statement(payload: str) -> str:
    """Return what a claim states, without where: its locator and part are written last."""
    return payload[: payload.rfind(_LOCATOR)]
