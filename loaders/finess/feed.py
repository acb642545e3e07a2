"""The new JSON feed "FINESS structures", streamed: memory holds a few legal entities at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TypedDict

import msgspec

from graph.dates import PartialDate
from graph.errors import InputError
from graph.store.port import LoadBatch
from loaders import json_stream
from loaders.base import LoadContext, Reporter, checksum
from loaders.finess.classic import source_record, warn_if_older
from loaders.finess.feed_groups import GroupRows
from loaders.finess.feed_rows import SOURCE, FeedRows
from loaders.finess.feed_values import Record, record_of, records_of
from loaders.finess.values import read_date

SERIES = "finess:json"
PUBLISHER = "Agence du Numérique en Santé"
PAGE = "https://www.data.gouv.fr/datasets/finess-structures-1"
TITLE = "FINESS structures, flux JSON"

_PROGRESS_EVERY = 500


class _Site(TypedDict, total=False):
    """What is read of an establishment; events and contacts are two thirds of a feed."""

    informationsGeneralesEGE: Any
    adresse: Any
    etatObjet: Any
    categorieentiteGeographiqueExercice: Any
    modefixationtarifaire: Any


class _Entity(TypedDict, total=False):
    """What is read of a legal entity; the feed of activities has another member, and is refused."""

    informationsGeneralesPMEJ: Any
    adresse: Any
    ege: list[_Site]
    etatObjet: Any
    activitesAutorisees: Any


class Head(msgspec.Struct):
    """What stands before the legal entities: date, groupings, names of the roots."""

    generated: PartialDate | None = None
    groups: list[Record] = []
    others: int = 0
    roots: list[str] = []


def read_feed(path: Path, context: LoadContext) -> LoadBatch:
    """Read the feed of any month, compressed or not.

    Raises
    ------
    InputError
        Cut, damaged, or another JSON document.
    """
    reporter = Reporter()
    head = read_head(path)
    wanted = context.departements
    warn_if_older(context.store, head.generated, reporter, (SOURCE,))
    rows = FeedRows(reporter, wanted, head.generated, members_of(head.groups))
    for item in legal_entities(path, context):
        rows.add(item)
    groups = GroupRows(reporter, wanted, head.generated, rows.members)
    for group in head.groups:
        groups.add(group)
    reporter.read(head.others)
    reporter.skip(head.others)
    return LoadBatch(
        loader="finess",
        series=SERIES,
        sources=(source_record(SOURCE, TITLE, head.generated, publisher=PUBLISHER, url=PAGE),),
        claims=[*rows.finish(), *groups.claims],
        report=reporter.report,
        parts=frozenset(wanted or rows.departements),
        file=path.name,
        checksum=checksum([path]),
    )


def members_of(groups: list[Record]) -> set[str]:
    """Return the internal numbers of the legal entities that groupings name."""
    links = (link for group in groups for link in records_of(group.get("pmejDuGcc")))
    return {str(link.get("pmSmsseId")) for link in links}


def read_head(path: Path) -> Head:
    """Read what stands before the legal entities; groupings after them cost a second walk."""
    head = Head()
    with json_stream.reading(path, "finess") as stream:
        for name, items in json_stream.roots(stream, whole=False):
            head.roots.append("[…]" if name is None else name)
            if name == "pmej":
                break
            _take(head, name, items)
    if "pmej" not in head.roots:
        raise InputError("finess.not_feed", file=str(path), found=", ".join(head.roots) or "–")
    if "gcc" not in head.roots:
        with json_stream.reading(path, "finess") as stream:
            for name, items in json_stream.roots(stream):
                if name == "gcc":
                    _take(head, name, items)
    return head


def _take(head: Head, name: str | None, items: Iterator[object]) -> None:
    if name == "generatedAt":
        head.generated = read_date(str(next(items, None)))
    elif name == "gco":
        head.others += sum(1 for _ in items)
    elif name == "gcc":
        head.groups.extend(map(record_of, items))


def legal_entities(path: Path, context: LoadContext) -> Iterator[Record]:
    """Yield the legal entities of a feed with their establishments, one after the other."""
    total = path.stat().st_size
    with json_stream.reading(path, "finess") as stream:
        compressed: IO[bytes] = getattr(stream, "fileobj", stream)
        for number, item in enumerate(_entities(stream)):
            if number == 0 and "activitesAutorisees" in item:
                raise InputError("finess.activities", file=str(path))
            if context.progress is not None and number % _PROGRESS_EVERY == 0:
                context.progress("progress.reading", min(total, compressed.tell()), total)
            yield item
    if context.progress is not None:
        context.progress("progress.reading", total, total)


def _entities(stream: IO[bytes]) -> Iterator[Record]:
    for name, items in json_stream.roots(stream, shape=_Entity):
        if name == "pmej":
            yield from map(record_of, items)
