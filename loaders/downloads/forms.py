"""What a file's first and last bytes say: an error page in place of a file, a file cut short."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from pathlib import Path

from loaders.downloads.addresses import Form

HEAD = 512
_SIGNATURES: dict[Form, bytes] = {
    "gzip": b"\x1f\x8b",
    "xlsx": b"PK\x03\x04",
    "7z": b"7z\xbc\xaf'\x1c",
}
_PAGE = re.compile(rb"<!doctype\s+html|<html|<head|<body", re.IGNORECASE)
_BLOCK = 1 << 20


def is_page(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a web page."""
    return _PAGE.match(_text(head)) is not None


def has_form(head: bytes, form: Form) -> bool:
    """Tell whether a file that begins with `head` may be of `form`."""
    if form == "json":
        return _text(head)[:1] in {b"{", b"["}
    if form == "csv":
        return b"\0" not in head and not _text(head).startswith((b"<", b"{"))
    return head.startswith(_SIGNATURES[form])


def is_whole(path: Path, form: Form) -> bool:
    """Tell whether the file at `path` ends as a file of `form` does."""
    if form == "xlsx":
        return zipfile.is_zipfile(path)
    if form == "gzip":
        return _inflates(path)
    with path.open("rb") as stream:
        if form == "7z":
            head = stream.read(32)
            offset, size = (int.from_bytes(head[at : at + 8], "little") for at in (12, 20))
            return path.stat().st_size >= len(head) + offset + size
        if form == "json":
            stream.seek(max(0, path.stat().st_size - HEAD))
            return stream.read().rstrip()[-1:] in {b"}", b"]"}
    return True


def _inflates(path: Path) -> bool:
    try:
        with gzip.open(path, "rb") as stream:
            while stream.read(_BLOCK):
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return False
    return True


def _text(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
