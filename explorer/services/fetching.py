"""Downloads of official files: what was done, what is already there and how old it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from babel.units import format_unit

from explorer.services.view_tables import Row
from explorer.wording import date_in_words, locale_of
from graph.dates import partial
from graph.messages import text
from graph.store.port import Progress
from loaders.downloads import ASSETS, Asset, assets_of, cache_folder, cached, others_of
from loaders.downloads.cache import Kept
from loaders.downloads.errors import by_hand
from loaders.registry import REGISTRY, loader

DOWNLOAD_COLUMNS = ("source", "publisher", "licence", "way", "file", "vintage", "age")
_KILOBYTE, _MEGABYTE = 1_000, 1_000_000


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A file as ``maillage fetch --json`` prints it."""

    asset: str
    file: str
    state: str
    publisher: str
    licence: str | None
    vintage: str | None
    address: str | None
    page: str
    downloaded_at: str | None
    age_days: int
    size: int
    sha256: str | None
    verified: bool
    resumed: int
    loadable: bool


class FetchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a fetch brought or found, and what is left to take by hand (a sentence each)."""

    source: str
    files: list[Download]
    by_hand: list[str]


def run_fetch(
    source: str,
    language: str,
    *,
    refresh: bool = False,
    dest: Path | None = None,
    progress: Progress | None = None,
) -> FetchResult:
    """Download the official files of the loader `source`.

    Raises
    ------
    UsageError
        No such loader, or it has no official file.
    FetchError
        No file could be downloaded; the message says what to take by hand and where to put it.
    OutputError
        The folder cannot be written to.
    """
    # Only who downloads waits for the network library.
    from loaders.downloads.run import fetch

    found = fetch(loader(source).id, refresh=refresh, dest=dest, progress=progress)
    return FetchResult(
        source=source,
        files=[_download(item.asset, item.kept, item.state, item.resumed) for item in found],
        by_hand=[by_hand(asset, source, language) for asset in others_of(source)],
    )


def _download(asset: Asset, kept: Kept, state: str, resumed: int) -> Download:
    origin = kept.origin
    return Download(
        asset=asset.id,
        file=str(kept.path),
        state=state if origin else "by_hand",
        publisher=asset.publisher,
        licence=origin.licence if origin else asset.licence,
        vintage=origin.vintage if origin else None,
        address=origin.address if origin else None,
        page=asset.page,
        downloaded_at=origin.downloaded_at.isoformat() if origin else None,
        age_days=age_in_days(kept),
        size=kept.path.stat().st_size,
        sha256=origin.sha256 if origin else None,
        verified=bool(origin and origin.verified),
        resumed=resumed,
        loadable=asset.loadable or origin is None,
    )


def age_in_days(kept: Kept, now: datetime | None = None) -> int:
    """Return how many days ago a file of the cache was downloaded."""
    return max(0, ((now or datetime.now(UTC)) - kept.since).days)


def said(result: FetchResult, language: str) -> list[str]:
    """Return in words what a fetch did, and what to do next."""
    lines: list[str] = []
    for item in result.files:
        lines += _said(item, result.source, language)
        if item.state == "kept":
            lines.append(text("fetch.refresh_hint", language))
    if result.by_hand:
        lines += [text("fetch.also", language), *result.by_hand]
    if any(item.loadable for item in result.files):
        lines.append(text("fetch.next", language, source=result.source))
    return lines


def page_lines(result: FetchResult, language: str) -> list[str]:
    """Return in words what a fetch did, without the commands of a terminal."""
    return [line for item in result.files for line in _said(item, result.source, language)]


def held_in_words(source: str, language: str) -> str:
    """Return which official files of `source` are on this computer, of when, and how old."""
    unknown = text("word.unknown", language)
    lines = []
    for asset in assets_of(source):
        for kept in cached(asset, cache_folder(asset))[: 1 if asset.loadable else None]:
            vintage = kept.origin.vintage if kept.origin else None
            values = {
                "file": kept.path.name,
                "vintage": date_in_words(partial(vintage), language) if vintage else unknown,
                "age": days_in_words(age_in_days(kept), language),
            }
            lines.append(text("fetch.held", language, **values))
    return " ".join(lines)


def _said(item: Download, source: str, language: str) -> list[str]:
    unknown = text("word.unknown", language)
    values: dict[str, object] = {
        "file": item.file,
        "size": size_in_words(item.size, language),
        "vintage": date_in_words(partial(item.vintage), language) if item.vintage else unknown,
        "licence": item.licence or unknown,
        "age": days_in_words(item.age_days, language),
    }
    key = {"by_hand": "kept_by_hand"}.get(item.state, item.state)
    lines = [text(f"fetch.{key}", language, **values)]
    if item.resumed:
        size = size_in_words(item.resumed, language)
        lines.append(text("fetch.resumed", language, size=size))
    if item.verified and item.state == "downloaded":
        lines.append(text("fetch.verified", language))
    if not item.loadable:
        folder = str(Path(item.file).parent)
        lines.append(text("fetch.unpack", language, folder=folder, source=source))
    return lines


def days_in_words(days: int, language: str) -> str:
    """Return an age in days: aujourd’hui, il y a 3 jours."""
    return text("fetch.days", language, n=days) if days else text("fetch.days_zero", language)


def size_in_words(size: int, language: str) -> str:
    """Return a size as files are measured: 50,1 Mo, 12,4 ko."""
    unit, per = ("megabyte", _MEGABYTE) if size >= _MEGABYTE else ("kilobyte", _KILOBYTE)
    rounded = round(size / per, 1)
    return format_unit(rounded, f"digital-{unit}", "short", locale=locale_of(language))


def fetchable() -> list[str]:
    """Return the loaders of which a file can be downloaded, in the order of the registry."""
    return [spec.id for spec in REGISTRY if any(not asset.by_hand for asset in assets_of(spec.id))]


def download_rows(language: str) -> list[Row]:
    """Return one row an official file: who reads it, and how old the one on this computer is."""
    known = {spec.id for spec in REGISTRY}
    assets = [asset for asset in ASSETS if known.intersection(asset.sources)]
    return [
        _row(asset, [key for key in asset.sources if key in known], language) for asset in assets
    ]


def _row(asset: Asset, sources: Sequence[str], language: str) -> Row:
    kept = next(iter(cached(asset, cache_folder(asset))), None)
    vintage = kept.origin.vintage if kept and kept.origin else None
    return {
        "source": ", ".join(text(f"source.{key}.title", language) for key in sources),
        "publisher": asset.publisher,
        "licence": asset.licence or text("word.unknown", language),
        "file": kept.path.name if kept else None,
        "vintage": date_in_words(partial(vintage), language) if vintage else None,
        "age": days_in_words(age_in_days(kept), language) if kept else None,
        "way": text("fetch.way_hand" if asset.by_hand else "fetch.way_fetch", language),
    }
