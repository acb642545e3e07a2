"""GHT in the FINESS JSON feed: its groupings (``gcc`` of type 001), read as the FINESS loader does.

Only the legal entities that a GHT names are looked at; everything of a GHT is loaded with the
département of its support.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from graph.dates import PartialDate
from graph.model import AnyClaim, MembershipClaim, StructureClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, Reporter, checksum
from loaders.finess.classic import source_record, warn_if_older
from loaders.finess.feed import PAGE, PUBLISHER, TITLE, legal_entities, members_of, read_head
from loaders.finess.feed_groups import GroupRows
from loaders.finess.feed_rows import SOURCE, FeedRows

SERIES = "ght:json"


def read_groups(path: Path, context: LoadContext) -> LoadBatch:
    """Read the groupings of a feed, with what it says of the legal entities in them.

    Raises
    ------
    InputError
        Cut, damaged, or another JSON document.
    """
    reporter = Reporter()
    head = read_head(path)
    warn_if_older(context.store, head.generated, reporter, (SOURCE,))
    named = members_of(head.groups)
    entities = FeedRows(Reporter(), (), head.generated, named)  # their rows are FINESS's to report
    for item in legal_entities(path, context):
        if str((item.get("informationsGeneralesPMEJ") or {}).get("pmSmsseId")) in named:
            entities.add({**item, "ege": ()})
    groups = GroupRows(reporter, context.departements, head.generated, entities.members)
    for group in head.groups:
        groups.add(group)
    claims = [_dated(claim, head.generated) for claim in groups.claims]
    return LoadBatch(
        loader="ght",
        series=SERIES,
        sources=(source_record(SOURCE, TITLE, head.generated, publisher=PUBLISHER, url=PAGE),),
        claims=[*claims, *_members(claims, entities.finish())],
        report=reporter.report,
        parts=frozenset(context.departements or {claim.part for claim in claims}),
        file=path.name,
        checksum=checksum([path]),
    )


def _dated(claim: StructureClaim | MembershipClaim, generated: PartialDate | None) -> AnyClaim:
    """Date a membership: the feed says that it holds, hence that it began by then."""
    if isinstance(claim, MembershipClaim) and generated:
        return replace(claim, since=PartialDate(f"..{generated}"))
    return claim


def _members(claims: list[AnyClaim], entities: list[StructureClaim]) -> list[AnyClaim]:
    """Return the claims on the legal entities of the GHT kept, with the GHT's département."""
    homes = {claim.member: claim.part for claim in claims if isinstance(claim, MembershipClaim)}
    return [replace(claim, part=homes[claim.id]) for claim in entities if claim.id in homes]
