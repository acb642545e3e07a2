"""The JSON feed "FINESS activités", streamed: memory holds one legal entity at a time.

Months differ: the date stands at the root or under ``metadata``, a value that misses is left out
or null.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ijson

from graph.dates import PartialDate
from graph.errors import InputError
from graph.store.port import Progress
from loaders import tabular
from loaders.finess.values import read_date

PROGRESS_EVERY = 500
_DATES = frozenset({"generatedAt", "metadata.generatedAt"})

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
        for prefix, event, value in ijson.parse(stream):
            if prefix == "" and event == "start_array":
                roots.append("[…]")
                break
            if prefix == "" and event == "map_key":
                roots.append(value)
            elif prefix in _DATES:
                day = read_date(str(value))
            elif prefix == "pmej" and event == "start_array" and day is not None:
                break
            elif prefix == "pmej.item":
                break  # the date may stand behind the list: not worth a walk of the whole file
    if "pmej" not in roots:
        raise InputError("activites.not_feed", file=str(path), found=", ".join(roots) or "–")
    return day


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
        for number, item in enumerate(ijson.items(stream, "pmej.item", use_float=True)):
            if not isinstance(item, dict) or "informationsGeneralesPMEJ" in item:
                raise InputError("activites.structures", file=str(path))
            if progress is not None and number % PROGRESS_EVERY == 0:
                progress("progress.reading", min(total, compressed.tell()), total)
            yield item
    if progress is not None:
        progress("progress.reading", total, total)


@contextmanager
def _reading(path: Path) -> Iterator[IO[bytes]]:
    """Open the feed; whatever breaks on the way is named for what it is."""
    if not tabular.head(path).removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"[")):
        raise InputError("activites.not_json", file=str(path))
    with tabular.open_bytes(path) as stream:
        try:
            yield stream
        except ijson.JSONError as error:
            code = "activites.json_cut" if _is_cut(error) else "activites.json_bad"
            raise InputError(code, file=str(path), why=_short(error)) from None
        except EOFError:
            raise InputError("tabular.truncated_gzip", file=str(path)) from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError("tabular.bad_gzip", file=str(path), why=str(error)) from None


def _is_cut(error: ijson.JSONError) -> bool:
    """Tell a file that stops half-way from a malformed one; parsers name both alike."""
    said = _short(error)
    return "premature" in said or (
        isinstance(error, ijson.IncompleteJSONError) and "error:" not in said
    )


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
