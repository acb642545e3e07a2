"""What is loaded: sources and how old they are, loads and what each did not take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from explorer.services.view_tables import Row
from explorer.viewmodel.model import View
from explorer.wording import age_in_words, date_in_words, moment_in_words, place_in_words
from graph.messages import catalogue, text
from graph.store.port import GraphStore, LoadRecord, Rejection

LOAD_COLUMNS = (
    "loaded_at",
    "loader",
    "file",
    "state",
    "read",
    "kept",
    "skipped",
    "rejected",
    "added",
    "updated",
    "removed",
    "unchanged",
)
REJECTION_COLUMNS = ("row", "field", "value", "reason")


class ToUndo(NamedTuple):
    """The load that an undo would undo, and how many later ones that changed nothing go with it."""

    load: LoadRecord
    idle: int


class Undoable(View, frozen=True, kw_only=True):
    """A loader of which a load can be undone: its id, its title, when that load was made.

    `idle` counts the loads that are undone with it, which had changed nothing.
    """

    loader: str
    title: str
    loaded_at: str
    idle: int = 0


def loader_title(loader: str, language: str) -> str:
    """Return what people call a loader; its id if this version no longer has it."""
    return catalogue(language).get(f"source.{loader}.title", loader)


def source_rows(store: GraphStore, on: date, language: str) -> list[Row]:
    """Return one row a source: who says it, of when, how old on day `on`, of how many things."""
    unknown = text("word.unknown", language)
    rows: list[Row] = []
    held_sources = store.status().sources
    for held in sorted(held_sources, key=lambda item: -(item.structures + item.cooperations)):
        source = held.source
        dated = source.vintage or source.date
        rows.append(
            {
                "source": source.title,
                "publisher": source.publisher or unknown,
                "vintage": date_in_words(dated, language) if dated else unknown,
                "age": age_in_words(dated, on, language) if dated else None,
                "structures": held.structures,
                "cooperations": held.cooperations,
                "licence": source.licence or unknown,
                "note": source.note,
            }
        )
    return rows


def load_rows(loads: Sequence[LoadRecord], language: str) -> list[Row]:
    """Return one row a load, the latest first, with what was read and what it changed."""
    return [_load(item, language) for item in loads]


def _load(item: LoadRecord, language: str) -> Row:
    report, outcome = item.report, item.outcome
    return {
        "loaded_at": moment_in_words(item.loaded_at, language),
        "loader": loader_title(item.loader, language),
        "file": Path(item.file).name if item.file else None,
        "state": text("page.data.undone" if item.undone else "page.data.current", language),
        "read": report.read,
        "kept": report.kept,
        "skipped": report.skipped,
        "rejected": report.rejected,
        "added": outcome.added,
        "updated": outcome.updated,
        "removed": outcome.removed,
        "unchanged": outcome.unchanged,
    }


def rejection_rows(rejections: Sequence[Rejection], language: str) -> list[Row]:
    """Return one row a rejection: where, which value, why, and what to do."""
    return [
        {
            "row": place_in_words(item.row, language),
            "field": item.field,
            "value": item.value,
            "reason": item.reason(language),
        }
        for item in rejections
    ]


def to_undo(loads: Sequence[LoadRecord]) -> dict[str, ToUndo]:
    """Return for each loader the load that an undo would undo, the latest load first."""
    standing = [item for item in loads if not item.undone]
    last: dict[str, LoadRecord] = {}
    for item in standing:
        if item.changed:
            last.setdefault(item.loader, item)
    return {
        loader: ToUndo(
            load,
            sum(item.series == load.series and item.id > load.id for item in standing),
        )
        for loader, load in last.items()
    }


def undoable(loads: Sequence[LoadRecord], language: str) -> list[Undoable]:
    """Return the loaders that have a load to undo, the latest load first."""
    return [
        Undoable(
            loader=loader,
            title=loader_title(loader, language),
            loaded_at=moment_in_words(load.loaded_at, language),
            idle=idle,
        )
        for loader, (load, idle) in to_undo(loads).items()
    ]
