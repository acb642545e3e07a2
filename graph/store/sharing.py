"""When a thing has one claim and resolving it changes nothing, the claim's text serves for both."""

from __future__ import annotations

from graph.identifiers import fold, fold_alike
from graph.model import AnyClaim, CooperationClaim, StructureClaim, TerritoryClaim


def is_plain(claim: AnyClaim) -> bool:
    """Tell whether `claim`, alone, resolves to just what it states.

    Lists lose what they hold twice, values that mean nothing without another one are left out: a
    claim to which none of it applies is plain. Facts take up their source where the text is read.
    """
    if isinstance(claim, StructureClaim):
        return not (
            _repeats(claim.activities, claim.candidates, claim.notes)
            or (claim.longitude is None and (claim.latitude, claim.precision) != (None, None))
            or (claim.legal_entity is None and claim.legal_entity_since is not None)
            or (claim.other_names and not _are_distinct(claim))
        )
    if isinstance(claim, CooperationClaim):
        return not (_repeats(claim.remarks, claim.annexes) or _has_party_twice(claim))
    return not (isinstance(claim, TerritoryClaim) and claim.figures)


def _repeats(*lists: tuple[object, ...]) -> bool:
    for items in lists:  # noqa: SIM110 - asked of every claim: a generator takes twice as long
        if len(items) > 1 and len(set(items)) < len(items):
            return True
    return False


def _are_distinct(claim: StructureClaim) -> bool:
    name, others = claim.name, claim.other_names
    if name and len(others) == 1:
        return bool(others[0]) and not fold_alike(name, others[0])
    spellings = (name, *others) if name else others
    return all(others) and len({fold(spelling) for spelling in spellings}) == len(spellings)


def _has_party_twice(claim: CooperationClaim) -> bool:
    parties = claim.parties
    return len({(party.structure, party.role) for party in parties}) < len(parties)
