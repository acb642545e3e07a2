"""What a person asks for: the official files of a source, here or brought from outside."""

from __future__ import annotations

from pathlib import Path

from graph.errors import UsageError
from graph.store.port import Progress
from loaders.downloads.addresses import BUNDLED, Asset, assets_of
from loaders.downloads.cache import cache_folder, cached, downloaded, drop_older
from loaders.downloads.errors import FetchError
from loaders.downloads.parts import only_one, writing
from loaders.downloads.transfer import Fetched, Transfer
from loaders.fetch import Patience, Trouble, Wire

__all__ = ["Fetched", "fetch", "fetch_asset"]


def fetch(
    source: str,
    *,
    refresh: bool = False,
    dest: Path | None = None,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> list[Fetched]:
    """Download the official files that the loader `source` reads.

    Parameters
    ----------
    source : str
        A loader of the registry.
    refresh : bool
        Ask the publisher whether there is a newer file; by default one already there is kept.
    dest : Path, optional
        Where to write, instead of the cache.
    progress : callable, optional
        Told the bytes received and expected.
    patience : Patience, optional
        How long to wait.

    Returns
    -------
    list of Fetched
        Files to which no lasting address leads are among them if a person put them in place.

    Raises
    ------
    UsageError
        The source has no official file: it comes with the program, or is the user's own.
    FetchError
        The file could not be downloaded; the message says what to take by hand.
    OutputError
        The folder cannot be written to, or another download writes there.
    """
    assets = assets_of(source)
    if not assets:
        raise UsageError("fetch.bundled" if source in BUNDLED else "fetch.own", source=source)
    return [_brought(asset, source, refresh, dest, progress, patience) for asset in assets]


def _brought(
    asset: Asset,
    source: str,
    refresh: bool,  # noqa: FBT001 - passed on
    dest: Path | None,
    progress: Progress | None,
    patience: Patience | None,
) -> Fetched:
    if dest is None and (asset.by_hand or not refresh):
        kept = cached(asset, cache_folder(asset))
        if kept:
            return Fetched(asset=asset, kept=kept[0], state="kept")
    if asset.by_hand:
        raise FetchError("no_address", asset, source)
    folder = dest or cache_folder(asset)
    found = fetch_asset(
        asset, folder, source=source, refresh=refresh, progress=progress, patience=patience
    )
    if dest is None and found.state == "downloaded":
        drop_older(asset, folder, found.kept)
    return found


def fetch_asset(
    asset: Asset,
    folder: Path,
    *,
    source: str | None = None,
    refresh: bool = False,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> Fetched:
    """Download one official file into `folder` for the loader `source` (see :func:`fetch`)."""
    held = downloaded(asset, folder)
    if held is not None and not refresh:
        return Fetched(asset=asset, kept=held, state="kept")
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    patience = patience or Patience(answer=asset.answer)
    with only_one(asset, folder) as lock, Wire(patience) as wire:

        def tell(stage: str, done: int, total: int | None) -> None:
            lock.touch()
            if progress is not None:
                progress(stage, done, total)

        run = Transfer(wire, asset, folder, patience, tell)
        try:
            return run.newest(held)
        except Trouble as trouble:
            named = source or asset.sources[0]
            raise FetchError(trouble.code, asset, named, **trouble.params) from trouble
