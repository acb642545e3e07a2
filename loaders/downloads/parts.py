"""What is being received: kept when a transfer is cut, and taken up again where it stopped."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from graph.errors import OutputError
from graph.model import Record
from loaders.downloads.addresses import Asset
from loaders.downloads.cache import PART
from loaders.downloads.choosing import Remote

STALE_SECONDS = 120.0
"""A lock that nobody has touched for so long was left by a run that died."""
_WEAK = "W/"


class PartNote(Record, frozen=True, kw_only=True):
    """What the server said of the file of which a part is kept."""

    address: str
    etag: str | None = None
    last_modified: str | None = None
    total: int | None = None

    @property
    def validator(self) -> str | None:
        """Return what asks the server whether the file is still the same (RFC 9110, If-Range)."""
        if self.etag and not self.etag.startswith(_WEAK):
            return self.etag
        return self.last_modified


class Part:
    """The bytes received so far of one file, and what was said of it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.path = folder / f"{name}{PART}"
        self._note = folder / f"{name}{PART}.json"

    @property
    def size(self) -> int:
        """Return how many bytes are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def left(self, remote: Remote) -> PartNote | None:
        """Return the note of what is left of `remote`; None if it cannot be taken up again."""
        try:
            note = msgspec.json.decode(self._note.read_bytes(), type=PartNote)
        except (OSError, msgspec.MsgspecError):
            return None
        usable = note.address == remote.address and note.validator and self.size
        return note if usable else None

    def begin(self, note: PartNote) -> None:
        """Start from nothing."""
        self.path.write_bytes(b"")
        self._note.write_bytes(msgspec.json.encode(note))

    def discard(self) -> None:
        """Forget what was received."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def become(self, target: Path) -> None:
        """Take the place of `target`, whole."""
        self.path.replace(target)
        self._note.unlink(missing_ok=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say in our own words that `folder` cannot be written to."""
    try:
        yield
    except OSError as error:
        code = "fetch.disk_full" if error.errno == errno.ENOSPC else "fetch.unwritable"
        why = error.strerror or str(error)
        raise OutputError(code, folder=str(folder), why=why) from error


@contextmanager
def only_one(asset: Asset, folder: Path) -> Iterator[Path]:
    """Let one run at a time download `asset` into `folder`."""
    lock = folder / f"{asset.id}.lock"
    with writing(folder):
        if not _taken(lock):
            raise OutputError("fetch.running", folder=str(folder), file=lock.name)
    try:
        yield lock
    finally:
        lock.unlink(missing_ok=True)


def _taken(lock: Path) -> bool:
    """Take the lock, or that of a run that died; False while another run holds it."""
    for _ in range(2):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            if time.time() - lock.stat().st_mtime < STALE_SECONDS:
                return False
            lock.unlink(missing_ok=True)
        else:
            return True
    return False
