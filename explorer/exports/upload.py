"""Files that a person gives: by their path on the command line, by their content on a page."""

from __future__ import annotations

from pathlib import Path

from graph.model import Record


class Upload(Record, frozen=True, kw_only=True):
    """A file given by its content: its name, and what is in it."""

    name: str
    data: bytes


Given = str | Upload
"""A path, or the file itself."""


def name_of(file: Given) -> str:
    """Return what people call the file."""
    return file.name if isinstance(file, Upload) else file


def content_of(file: Given, most: int) -> bytes | None:
    """Return what is in the file; None where it has more than `most` bytes.

    Raises
    ------
    OSError
        It cannot be read.
    """
    if isinstance(file, Upload):
        return file.data if len(file.data) <= most else None
    path = Path(file)
    return path.read_bytes() if path.stat().st_size <= most else None
