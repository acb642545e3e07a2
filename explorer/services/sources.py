"""The sources that can be loaded, and when each last was."""

from __future__ import annotations

from graph.messages import text
from graph.store.port import GraphStore
from loaders.registry import REGISTRY


def sources_as_json(store: GraphStore, language: str) -> list[dict[str, object]]:
    """Return one row for each loader: what it reads, publisher, licence, address, last load."""
    last: dict[str, str] = {}
    for record in store.loads():
        if not record.undone:
            last.setdefault(record.loader, record.loaded_at.isoformat(timespec="seconds"))
    return [
        {
            "id": spec.id,
            "title": text(f"source.{spec.id}.title", language),
            "reads": text(f"source.{spec.id}.reads", language),
            "publisher": spec.publisher,
            "licence": spec.licence,
            "address": spec.address,
            "needs_path": spec.needs_path,
            "extensions": list(spec.extensions),
            "last_load": last.get(spec.id),
        }
        for spec in REGISTRY
    ]
