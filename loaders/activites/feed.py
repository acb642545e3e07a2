"""The JSON feed "FINESS activités", streamed: memory holds a few legal entities at a time.

Months differ: the date stands at the root or under ``metadata``, a value that misses is left out
or null.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

from graph.dates import PartialDate
from graph.errors import InputError
from graph.store.port import Progress
from loaders import json_stream, tabular
from loaders.finess.values import read_date

PROGRESS_EVERY = 500
_DATE = "generatedAt"

Record = dict[str, Any]


def generated_at(path: Path) -> PartialDate | None:
    """Return the day on which the feed was made, None if it does not say it.

    Raises
    ------
    InputError
        Not this feed: it has no list of legal entities.
    """
    roots: list[str] = []
    day = None
    with _reading(path) as stream:
        for name, items in json_stream.roots(stream, whole=False):
            roots.append("[…]" if name is None else name)
            if name == "pmej":
                break  # the date may stand behind the list: not worth a walk of the whole file
            day = _dated(name, items) or day
    if "pmej" not in roots:
        raise InputError("activites.not_feed", file=str(path), found=", ".join(roots) or "–")
    return day


def _dated(name: str | None, items: Iterator[Any]) -> PartialDate | None:
    stated = next(items, None) if name in {_DATE, "metadata"} else None
    return read_date(str(stated.get(_DATE) if isinstance(stated, dict) else stated))


def entities(path: Path, progress: Progress | None) -> Iterator[Record]:
    """Yield the legal entities of the feed, one after the other.

    Raises
    ------
    InputError
        Cut, damaged, or the feed of structures.
    """
    total = path.stat().st_size
    with _reading(path) as stream:
        compressed: IO[bytes] = getattr(stream, "fileobj", stream)
        for number, item in enumerate(_entities(stream)):
            if not isinstance(item, dict) or "informationsGeneralesPMEJ" in item:
                raise InputError("activites.structures", file=str(path))
            if progress is not None and number % PROGRESS_EVERY == 0:
                progress("progress.reading", min(total, compressed.tell()), total)
            yield item
    if progress is not None:
        progress("progress.reading", total, total)


def _entities(stream: IO[bytes]) -> Iterator[Any]:
    for name, items in json_stream.roots(stream):
        if name == "pmej":
            yield from items


def _reading(path: Path) -> AbstractContextManager[IO[bytes]]:
    if not tabular.head(path).removeprefix(BOM_UTF8).lstrip().startswith((b"{", b"[")):
        raise InputError("activites.not_json", file=str(path))
    return json_stream.reading(path, "activites")
