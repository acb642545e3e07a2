"""Putting a file in its place whole, or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection
from pathlib import Path

from graph.errors import OutputError, cause_of


def check_place(target: Path, *, precious: Collection[str] = (), force: bool = False) -> None:
    """Check that `target` can be written, before anything is computed.

    A file already there is replaced, as by any export; not one of the name of a file that was
    loaded into the store, unless `force`.

    Raises
    ------
    OutputError
        The folder does not exist or is none, `target` is no file, or it was loaded from.
    """
    folder = target.parent
    if not is_folder(folder):
        raise OutputError("export.no_folder", folder=str(folder), file=target.name)
    try:
        there, plain = target.exists(), target.is_file()
    except OSError as error:
        raise OutputError("export.unwritable", file=target.name, why=cause_of(error)) from None
    if there and not plain:
        raise OutputError("export.not_a_file", file=str(target))
    if there and target.name in precious and not force:
        raise OutputError("export.source_file", file=str(target))


def is_folder(path: Path) -> bool:
    """Tell whether `path` is a folder; what the system cannot even look up is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def save(content: bytes, target: Path) -> None:
    """Write `content` beside `target`, then put it there in one step.

    Raises
    ------
    OutputError
        The folder cannot be written, the disk is full, the file is open in another program.
    """
    place = target.resolve()
    part = place.with_name(f".{place.name[:60]}.{secrets.token_hex(4)}.part")
    try:
        try:
            with part.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError("export.unwritable", file=str(target), why=cause_of(error)) from None
