"""What a download says when it fails: why, then what to take by hand and where to put it."""

from __future__ import annotations

from pathlib import Path

from graph.errors import InputError
from graph.messages import text
from loaders.downloads.addresses import Asset


class FetchError(InputError):
    """A file could not be downloaded: take it by hand, or try again later."""

    def __init__(self, code: str, asset: Asset, folder: Path, /, **params: object) -> None:
        super().__init__(f"fetch.{code}", **params)
        self.asset = asset
        self.folder = folder

    def message(self, language: str = "fr") -> str:
        """Return why it failed, and how to do without."""
        return f"{super().message(language)}\n{by_hand(self.asset, self.folder, language)}"


def by_hand(asset: Asset, folder: Path, language: str) -> str:
    """Return what to download by hand for `asset`, and where to put it."""
    what = text(f"fetch.hand.{asset.id}", language)
    return text(
        "fetch.by_hand",
        language,
        what=what,
        page=asset.page,
        folder=str(folder),
        source=asset.sources[0],
    )
