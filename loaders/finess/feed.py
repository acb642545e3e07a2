"""The new JSON feed "FINESS structures", streamed: memory holds one legal entity at a time."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ijson
import msgspec
from ijson.common import ObjectBuilder

from graph.dates import PartialDate
from graph.errors import InputError
from graph.store.port import LoadBatch
from loaders import tabular
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
    with _reading(path) as stream:
        _walk_head(ijson.parse(stream), head, path)
    if "pmej" not in head.roots:
        raise InputError("finess.not_feed", file=str(path), found=", ".join(head.roots) or "–")
    if "gcc" not in head.roots:
        with _reading(path) as stream:
            head.groups = [record_of(item) for item in ijson.items(stream, "gcc.item")]
    return head


def _walk_head(events: Iterator[tuple[str, str, Any]], head: Head, path: Path) -> None:
    groups = _Groups(head.groups)
    for prefix, event, value in events:
        if prefix == "":
            if event == "start_array":
                raise InputError("finess.not_feed", file=str(path), found="[…]")
            if event == "map_key":
                head.roots.append(value)
            if event == "end_map" or value == "pmej":
                return
        elif prefix == "generatedAt":
            head.generated = read_date(str(value))
        elif prefix == "gco.item" and event == "start_map":
            head.others += 1
        elif prefix.startswith("gcc.item"):
            groups.take(prefix == "gcc.item", event, value)


class _Groups:
    """Builds the groupings out of parser events."""

    def __init__(self, found: list[Record]) -> None:
        self._found = found
        self._builder: ObjectBuilder | None = None

    def take(self, outer: bool, event: str, value: object) -> None:  # noqa: FBT001
        """Take one event; `outer` tells that it is the grouping's own."""
        if outer and event == "start_map":
            self._builder = ObjectBuilder()
        if self._builder is None:
            return
        self._builder.event(event, value)
        if outer and event == "end_map":
            self._found.append(self._builder.value)
            self._builder = None


def legal_entities(path: Path, context: LoadContext) -> Iterator[Record]:
    """Yield the legal entities of a feed with their establishments, one in memory at a time."""
    total = path.stat().st_size
    with _reading(path) as stream:
        compressed: IO[bytes] = getattr(stream, "fileobj", stream)
        items = ijson.items(stream, "pmej.item", use_float=True)
        for number, item in enumerate(map(record_of, items)):
            if number == 0 and "activitesAutorisees" in item:
                raise InputError("finess.activities", file=str(path))
            if context.progress is not None and number % _PROGRESS_EVERY == 0:
                context.progress("progress.reading", min(total, compressed.tell()), total)
            yield item
    if context.progress is not None:
        context.progress("progress.reading", total, total)


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    """Open the feed; whatever breaks on the way is named for what it is."""
    with tabular.open_bytes(path) as stream:
        try:
            yield stream
        except ijson.JSONError as error:
            code = "finess.json_cut" if _is_cut(error) else "finess.json_bad"
            raise InputError(code, file=str(path), why=_short(error)) from None
        except EOFError:
            raise InputError("tabular.truncated_gzip", file=str(path)) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError("tabular.bad_gzip", file=str(path), why=str(error)) from None


def _short(error: Exception) -> str:
    """Return what the parser says, without the extract that it draws beneath."""
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.strip().partition("\n")[0].rstrip(".")[:200]


def _is_cut(error: ijson.JSONError) -> bool:
    """Tell a file that stops from one that is wrong: the parser calls both incomplete."""
    said = _short(error).casefold()
    return "premature" in said or "incomplete" in said
