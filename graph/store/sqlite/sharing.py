"""When a thing has one claim and resolving it changes nothing, the claim's text serves for both."""

from __future__ import annotations

from graph.identifiers import fold
from graph.model import AnyClaim, CooperationClaim, StructureClaim, TerritoryClaim


def is_plain(claim: AnyClaim) -> bool:
    """Tell whether `claim`, alone, resolves to just what it states.

    Facts take up their source, lists lose what they hold twice, values that mean nothing without
    another one are left out: a claim to which none of it applies is plain.
    """
    if isinstance(claim, StructureClaim):
        return not (
            (claim.facts or claim.activities or claim.candidates or claim.notes)
            or (claim.longitude is None and (claim.latitude, claim.precision) != (None, None))
            or (claim.legal_entity is None and claim.legal_entity_since is not None)
            or (claim.other_names and not _are_distinct(claim))
        )
    if isinstance(claim, CooperationClaim):
        return not (claim.facts or claim.remarks or claim.annexes or _has_party_twice(claim))
    return not (isinstance(claim, TerritoryClaim) and claim.figures)


def _are_distinct(claim: StructureClaim) -> bool:
    seen = {fold(claim.name)} if claim.name else set()
    for spelling in claim.other_names:
        folded = fold(spelling)
        if not spelling or folded in seen:
            return False
        seen.add(folded)
    return True


def _has_party_twice(claim: CooperationClaim) -> bool:
    parties = claim.parties
    return len({(party.structure, party.role) for party in parties}) < len(parties)
