"""The cache of downloaded files: a folder for each asset, and beside each file where it is from.

Files may also be put there by hand: they are found like those downloaded.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
from platformdirs import user_cache_path

from graph.model import Record
from loaders.downloads.addresses import Asset, assets_of

NOTE = ".origine.json"
"""End of the name of the note beside a downloaded file: publisher, licence, vintage, address."""
PART = ".part"
_OURS = (NOTE, PART, f"{PART}.json", ".lock")


class Checksum(Record, frozen=True, kw_only=True):
    """A checksum that the publisher states."""

    type: str
    value: str


class Origin(Record, frozen=True, kw_only=True):
    """Where a downloaded file is from. `verified` says that the publisher's checksum agreed."""

    asset: str
    file: str
    publisher: str
    licence: str | None = None
    vintage: str | None = None
    address: str
    page: str
    downloaded_at: datetime
    size: int
    sha256: str
    stated: Checksum | None = None
    verified: bool = False
    etag: str | None = None
    last_modified: str | None = None


class Kept(Record, frozen=True, kw_only=True):
    """A file of the cache; without origin it was put there by hand."""

    path: Path
    origin: Origin | None = None

    @property
    def since(self) -> datetime:
        """Return when it was downloaded, or last written where a person put it."""
        if self.origin is not None:
            return self.origin.downloaded_at
        return datetime.fromtimestamp(self.path.stat().st_mtime).astimezone()


def cache_folder(asset: Asset, root: Path | None = None) -> Path:
    """Return the folder of `asset` in the user's cache."""
    root = root or user_cache_path("maillage", appauthor=False) / "downloads"
    return root / asset.id


def cached(asset: Asset, folder: Path) -> list[Kept]:
    """Return the files of `asset` in `folder`, the newest first."""
    if not folder.is_dir():
        return []
    found = [_kept(path) for path in sorted(folder.rglob("*")) if _may_be(asset, path)]
    return sorted(
        (kept for kept in found if kept is not None), key=lambda kept: kept.since, reverse=True
    )


def downloaded(asset: Asset, folder: Path) -> Kept | None:
    """Return the newest whole file of `asset` that was downloaded into `folder`."""
    if not folder.is_dir():
        return None
    paths = [path.with_name(path.name.removesuffix(NOTE)) for path in folder.glob(f"*{NOTE}")]
    found = [kept for path in paths if (kept := _kept(path))]
    own = [kept for kept in found if kept.origin is not None and kept.origin.asset == asset.id]
    return max(own, key=lambda kept: kept.since, default=None)


def cached_files(source: str, root: Path | None = None) -> list[Path]:
    """Return the files of the cache that ``maillage load SOURCE`` reads when no path is given.

    Of each official file the newest; where a person unpacked an archive, all of its tables.
    """
    found: list[Path] = []
    for asset in assets_of(source):
        kept = cached(asset, cache_folder(asset, root))
        found += [item.path for item in (kept[:1] if asset.loadable else kept)]
    return found


def write_note(folder: Path, origin: Origin) -> None:
    """Write beside a downloaded file where it is from."""
    note = folder / f"{origin.file}{NOTE}"
    note.write_bytes(msgspec.json.format(msgspec.json.encode(origin), indent=2) + b"\n")


def drop_older(asset: Asset, folder: Path, newest: Kept) -> None:
    """Remove the files that `newest` takes the place of; what a person put there stays."""
    for note in folder.glob(f"*{NOTE}"):
        kept = _kept(note.with_name(note.name.removesuffix(NOTE)))
        if kept and kept.origin and kept.origin.asset == asset.id and kept.path != newest.path:
            kept.path.unlink(missing_ok=True)
            note.unlink(missing_ok=True)


def _may_be(asset: Asset, path: Path) -> bool:
    name = path.name.lower()
    return path.is_file() and name.endswith(asset.suffixes) and not name.endswith(_OURS)


def _kept(path: Path) -> Kept | None:
    """Return a file with its origin; None if it is not what was downloaded (cut by a crash)."""
    if not path.is_file():
        return None
    note = path.with_name(f"{path.name}{NOTE}")
    try:
        origin = msgspec.json.decode(note.read_bytes(), type=Origin)
    except FileNotFoundError:
        return Kept(path=path)
    except (OSError, msgspec.MsgspecError):
        return None
    return Kept(path=path, origin=origin) if path.stat().st_size == origin.size else None
