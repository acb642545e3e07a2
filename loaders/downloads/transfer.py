"""A download from beginning to end: which file, what was left of it, whether it is the right one.

What arrives is not believed: the publisher's checksum where one is stated, the length announced,
the first and the last bytes. What was received of a cut transfer is kept, and taken up again as
long as the server says that the file is still the same one.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from graph.model import Record
from graph.store.port import Progress
from loaders.downloads.addresses import Asset
from loaders.downloads.cache import (
    Kept,
    Origin,
    write_note,
)
from loaders.downloads.choosing import Dataset, Remote, fixed, newest
from loaders.downloads.forms import HEAD, has_form, is_page, is_whole
from loaders.downloads.parts import Part, PartNote, writing
from loaders.fetch import Answer, Cut, Gone, Patience, Trouble, Wire, host_of

WHOLE, NOT_MODIFIED = 200, 304
STAGE = "progress.fetching"
_TOLD_EVERY = 0.2
_DESCRIPTION_LIMIT = 50_000_000
SHAKES = frozenset({"shake_128", "shake_256"})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

State = Literal["downloaded", "unchanged", "kept"]
T = TypeVar("T")


class Fetched(Record, frozen=True, kw_only=True):
    """An official file on this computer. `resumed` is how many bytes an earlier try had left."""

    asset: Asset
    kept: Kept
    state: State
    resumed: int = 0


class Transfer:
    """One download: what is asked for, where it goes, how long to wait."""

    def __init__(
        self, wire: Wire, asset: Asset, folder: Path, patience: Patience, progress: Progress
    ) -> None:
        self._wire = wire
        self._asset = asset
        self._folder = folder
        self._patience = patience
        self._progress = progress

    def newest(self, held: Kept | None) -> Fetched:
        """Return the newest file: that of the first address at which there is one."""
        for remote in self._remotes():
            try:
                return self._file(remote, held)
            except Gone:
                continue
        address = self._asset.dataset or self._asset.addresses[0]
        raise Trouble("gone", host=host_of(address))

    def _remotes(self) -> Iterable[Remote]:
        if self._asset.dataset is None:
            return fixed(self._asset, date.today())  # noqa: DTZ011 - the user's own year
        found = newest(self._asset, self._persist(self._description))
        if found is None:
            raise Trouble("nothing_named", host=host_of(self._asset.dataset))
        return [found]

    def _description(self) -> Dataset:
        """Return what the platform says of the dataset."""
        address = self._asset.dataset or ""
        body = b""
        with self._wire.ask(address, {}) as answer:
            for block in answer.blocks():
                body += block
                if len(body) > _DESCRIPTION_LIMIT:
                    break
        if is_page(body[:HEAD]):
            raise Trouble("page", host=host_of(address))
        try:
            return msgspec.json.decode(body, type=Dataset)
        except msgspec.MsgspecError as error:
            raise Trouble("description", host=host_of(address), why=str(error)) from error

    def _persist(self, step: Callable[[], T]) -> T:
        """Take `step` again when it is cut, each time after a longer pause."""
        wait = self._patience.pause
        for _ in range(self._patience.attempts - 1):
            try:
                return step()
            except Cut as cut:
                time.sleep(wait if cut.wait is None else cut.wait)
                wait *= 2
        return step()

    def _file(self, remote: Remote, held: Kept | None) -> Fetched:
        """Bring one file, or tell that the one held is still the latest."""
        stated = held.origin.stated if held and held.origin else None
        if held and stated and stated == remote.stated:
            return Fetched(asset=self._asset, kept=held, state="unchanged")
        return self._persist(lambda: self._attempt(remote, held))

    def _attempt(self, remote: Remote, held: Kept | None) -> Fetched:
        part = Part(self._folder, remote.name)
        left = part.left(remote)
        headers = _resuming(left, part.size) if left else _conditional(remote, held)
        with self._wire.ask(remote.address, headers, unpack=self._asset.form != "gzip") as answer:
            if answer.status == NOT_MODIFIED and held:
                return Fetched(asset=self._asset, kept=held, state="unchanged")
            start = _start(answer, part, left)
            note = _note(answer, remote, start)
            self._receive(answer, part, note, start)
        kept = self._checked(part, remote, note, resumed=start > 0)
        return Fetched(asset=self._asset, kept=kept, state="downloaded", resumed=start)

    def _receive(self, answer: Answer, part: Part, note: PartNote, start: int) -> None:
        """Write what arrives after the part; what is no such file does not take its place."""
        blocks = answer.blocks()
        first = _at_least(blocks, HEAD)
        if start == 0:
            self._check_head(first, answer.host)
        done, told = start, time.monotonic()
        with writing(self._folder):
            if start == 0:
                part.begin(note)
            with part.path.open("ab") as stream:
                for block in chain((first,), blocks):
                    stream.write(block)
                    done += len(block)
                    if time.monotonic() - told > _TOLD_EVERY:
                        told = time.monotonic()
                        self._progress(STAGE, done, note.total)
        self._progress(STAGE, done, note.total)

    def _check_head(self, head: bytes, host: str) -> None:
        if not head:
            raise Trouble("empty", host=host)
        if is_page(head):
            raise Trouble("page", host=host)
        if not has_form(head, self._asset.form):
            shown = head[:60].decode("utf-8", "replace").strip()
            raise Trouble("form", host=host, form=self._asset.form, value=shown)

    def _checked(self, part: Part, remote: Remote, note: PartNote, *, resumed: bool) -> Kept:
        """Put the file in its place if it is the right one and whole; else forget it."""
        with writing(self._folder):
            sums = _sums(part.path, remote)
            stated = sums.get(remote.stated.type) if remote.stated else None
            verified = remote.stated is not None and stated == remote.stated.value.lower()
            wrong = stated is not None and not verified
            if wrong or not (verified or is_whole(part.path, self._asset.form)):
                part.discard()
                if resumed:
                    raise Cut("changed", wait=0.0, host=host_of(remote.address))
                raise Trouble("checksum" if wrong else "incomplete", file=remote.name)
            origin = self._origin(part, remote, note, sums["sha256"], verified=verified)
            write_note(self._folder, origin)
            part.become(self._folder / remote.name)
        return Kept(path=self._folder / remote.name, origin=origin)

    def _origin(
        self, part: Part, remote: Remote, note: PartNote, sha256: str, *, verified: bool
    ) -> Origin:
        return Origin(
            asset=self._asset.id,
            file=remote.name,
            publisher=self._asset.publisher,
            licence=remote.licence,
            vintage=remote.vintage,
            address=remote.address,
            page=self._asset.page,
            downloaded_at=datetime.now(UTC).replace(microsecond=0),
            size=part.size,
            sha256=sha256,
            stated=remote.stated,
            verified=verified,
            etag=note.etag,
            last_modified=note.last_modified,
        )


def _resuming(left: PartNote, size: int) -> dict[str, str]:
    return {"Range": f"bytes={size}-", "If-Range": left.validator or ""}


def _conditional(remote: Remote, held: Kept | None) -> dict[str, str]:
    """Ask only for another version than the one held."""
    origin = held.origin if held else None
    if origin is None or origin.address != remote.address:
        return {}
    if origin.etag:
        return {"If-None-Match": origin.etag}
    return {"If-Modified-Since": origin.last_modified} if origin.last_modified else {}


def _start(answer: Answer, part: Part, left: PartNote | None) -> int:
    """Return at which byte the answer starts: at the end of the part, or at 0.

    Raises
    ------
    Cut
        At neither, or in another version of the file: it is to be asked for again, whole.
    """
    if answer.status == WHOLE:
        return 0
    etag = answer.headers.get("ETag")
    same = left is not None and (not etag or not left.etag or etag == left.etag)
    if left and same and _range(answer) == (part.size, left.total):
        return part.size
    part.discard()
    raise Cut("changed", wait=0.0, host=answer.host)


def _range(answer: Answer) -> tuple[int, int | None] | None:
    """Return the first byte and the total of a ``Content-Range``."""
    match = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if match is None:
        return None
    return int(match[1]), None if match[2] == "*" else int(match[2])


def _note(answer: Answer, remote: Remote, start: int) -> PartNote:
    length = answer.length
    return PartNote(
        address=remote.address,
        # What was unpacked on the way cannot be taken up again at a byte of the packed file.
        etag=None if answer.unpacked else answer.headers.get("ETag"),
        last_modified=None if answer.unpacked else answer.headers.get("Last-Modified"),
        total=None if length is None else start + length,
    )


def _at_least(blocks: Iterator[bytes], size: int) -> bytes:
    """Return the first blocks together: at least `size` bytes, unless there are fewer."""
    found = b""
    for block in blocks:
        found += block
        if len(found) >= size:
            break
    return found


def _sums(path: Path, remote: Remote) -> dict[str, str]:
    """Return the checksums of a file by name: SHA-256, and the one that the publisher states."""
    names = {"sha256"}
    if remote.stated and remote.stated.type in hashlib.algorithms_guaranteed - SHAKES:
        names.add(remote.stated.type)
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in names}
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            for digest in digests.values():
                digest.update(block)
    return {name: digest.hexdigest() for name, digest in digests.items()}
