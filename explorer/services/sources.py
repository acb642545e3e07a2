"""The sources that can be loaded: what each reads, from where, of when, and when it last was."""

from __future__ import annotations

from pathlib import Path

from graph.messages import text
from graph.store.port import GraphStore, LoadRecord
from loaders.base import SourceSpec
from loaders.downloads import assets_of, cache_folder, cached
from loaders.registry import REGISTRY


def sources_as_json(store: GraphStore, language: str) -> list[dict[str, object]]:
    """Return one row for each loader: what it reads, address, licence, vintage, last load.

    `vintage` says of when its files are and how they tell; `downloaded` the vintages of the
    official files that are on this computer.
    """
    last: dict[str, LoadRecord] = {}
    for record in store.loads():
        if not record.undone:
            last.setdefault(record.loader, record)
    return [_row(spec, last.get(spec.id), language) for spec in REGISTRY]


def _row(spec: SourceSpec, last: LoadRecord | None, language: str) -> dict[str, object]:
    return {
        "id": spec.id,
        "title": text(f"source.{spec.id}.title", language),
        "reads": text(f"source.{spec.id}.reads", language),
        "publisher": spec.publisher,
        "licence": spec.licence,
        "address": spec.address,
        "vintage": text(f"source.{spec.id}.vintage", language),
        "needs_path": spec.needs_path,
        "extensions": list(spec.extensions),
        "downloaded": _downloaded(spec.id),
        "last_load": last.loaded_at.isoformat(timespec="seconds") if last else None,
        "last_file": Path(last.file).name if last and last.file else None,
    }


def _downloaded(source: str) -> list[dict[str, str | None]]:
    return [
        {"file": kept.path.name, "vintage": kept.origin.vintage if kept.origin else None}
        for asset in assets_of(source)
        for kept in cached(asset, cache_folder(asset))
    ]


def about_source(spec: SourceSpec, language: str) -> list[str]:
    """Return in words what a loader reads, who publishes it and under which licence, of when."""
    origin = {"publisher": spec.publisher, "licence": spec.licence, "address": spec.address}
    key = "source_about.official" if spec.address else "source_about.own"
    return [
        text(f"source.{spec.id}.reads", language),
        text(key, language, **origin),
        text("source_about.vintage", language, value=text(f"source.{spec.id}.vintage", language)),
    ]
