"""What can be downloaded, from where, and what is already on this computer: no network here."""

from loaders.downloads.addresses import ASSETS, BUNDLED, Asset, assets_of, others_of
from loaders.downloads.cache import Origin, cache_folder, cached, cached_files
from loaders.downloads.errors import FetchError

__all__ = [
    "ASSETS",
    "BUNDLED",
    "Asset",
    "FetchError",
    "Origin",
    "assets_of",
    "cache_folder",
    "cached",
    "cached_files",
    "others_of",
]
