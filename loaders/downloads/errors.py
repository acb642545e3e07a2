"""What a download says when it fails: why, then what to take by hand and where to put it."""

from __future__ import annotations

from graph.errors import InputError
from graph.messages import text
from loaders.downloads.addresses import Asset, assets_of, others_of
from loaders.downloads.cache import cache_folder


class FetchError(InputError):
    """A file could not be downloaded: take it by hand, or try again later."""

    def __init__(self, code: str, asset: Asset, source: str, /, **params: object) -> None:
        super().__init__(f"fetch.{code}", **params)
        self.asset = asset
        self.source = source

    def message(self, language: str = "fr") -> str:
        """Return why it failed, and how to do without."""
        files = (self.asset, *others_of(self.source))
        lines = [by_hand(asset, self.source, language) for asset in files]
        return "\n".join([super().message(language), *lines])


def by_hand(asset: Asset, source: str, language: str) -> str:
    """Return what to download by hand for `source`, and where to put it."""
    what = text(f"fetch.hand.{asset.id}", language)
    if asset not in assets_of(source):
        return text("fetch.by_path", language, what=what, page=asset.page, source=source)
    folder = str(cache_folder(asset))
    return text("fetch.by_hand", language, what=what, page=asset.page, folder=folder, source=source)
