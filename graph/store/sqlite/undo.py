"""Undo a load: put back the before images that it left."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from graph.errors import StoreError
from graph.store.encoding import KINDS, statement
from graph.store.port import LoadOutcome
from graph.store.rules import COUNTED, samples
from graph.store.sqlite.keys import Keys
from graph.store.sqlite.touched import Touched
from graph.store.sqlite.writer import UNDO_TABLES


class LoadToUndo(NamedTuple):
    """The last load of a loader that changed something and stands."""

    id: int
    series: int
    name: str


class Restored(NamedTuple):
    """What an undo did: what to resolve again, the sources that changed, and the report."""

    touched: Touched
    sources: set[str]
    outcome: LoadOutcome


def load_to_undo(connection: sqlite3.Connection, loader: str) -> LoadToUndo:
    """Return the last load of `loader` that changed something and is not undone.

    Raises
    ------
    StoreError
        There is none, its before images are gone, or a later load built on it.
    """
    row = connection.execute(
        "SELECT load.id, load.series, series.id, load.undoable,"
        " (SELECT max(later.loader) FROM load AS later WHERE later.series = load.series"
        "  AND later.id > load.id AND later.changed = 1 AND later.undone = 0)"
        " FROM load JOIN series ON series.key = load.series"
        " WHERE load.loader = ? AND load.changed = 1 AND load.undone = 0"
        " ORDER BY load.id DESC LIMIT 1",
        (loader,),
    ).fetchone()
    if row is None:
        raise StoreError("store.nothing_to_undo", loader=loader)
    load, series, name, undoable, later = row
    if not undoable:
        raise StoreError("store.undo_too_old", loader=loader, load=load)
    if later is not None:
        raise StoreError("store.undo_later", loader=loader, later=later, series=name)
    return LoadToUndo(load, series, name)


def undo_load(connection: sqlite3.Connection, keys: Keys, load: LoadToUndo) -> Restored:
    """Put back the claims and sources of before `load`.

    It is marked as undone, and so are the loads of its series that found it in place.
    """
    touched = Touched()
    changes = _restore_claims(connection, load, touched)
    sources = _restore_sources(connection, keys, load.id)
    connection.execute(
        "UPDATE load SET undone = 1 WHERE series = ? AND id >= ?", (load.series, load.id)
    )
    for table in UNDO_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE by_load = ?", (load.id,))  # noqa: S608
    outcome = LoadOutcome(
        load_id=load.id,
        series=load.name,
        **{change: len(ids) for change, ids in changes.items()},
        **{field: len(touched.ids[KINDS.index(kind)]) for kind, field in COUNTED.items()},
        samples=samples(changes),
    )
    return Restored(touched, sources, outcome)


def _restore_claims(
    connection: sqlite3.Connection, load: LoadToUndo, touched: Touched
) -> dict[str, list[str]]:
    changes: dict[str, list[str]] = {"added": [], "updated": [], "removed": []}
    before = {
        (kind, ident, source): (part, by, payload)
        for kind, ident, source, part, by, payload in connection.execute(
            "SELECT kind, id, source, part, load, payload FROM claim_history WHERE by_load = ?",
            (load.id,),
        )
    }
    written = connection.execute(
        "SELECT key, kind, id, source, payload FROM claim WHERE series = ? AND load = ?",
        (load.series, load.id),
    ).fetchall()
    for key, kind, ident, source, payload in written:
        old = before.pop((kind, ident, source), None)
        touched.forget(key, kind, ident)
        if old is None:
            changes["removed"].append(ident)
            connection.execute("DELETE FROM claim WHERE key = ?", (key,))
            continue
        if statement(old[2]) != statement(payload):
            changes["updated"].append(ident)
        connection.execute(
            "UPDATE claim SET part = ?, load = ?, payload = ? WHERE key = ?", (*old, key)
        )
    for (kind, ident, source), old in before.items():
        changes["added"].append(ident)
        cursor = connection.execute(
            "INSERT INTO claim (kind, id, series, source, part, load, payload)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind, ident, load.series, source, *old),
        )
        touched.forget(int(cursor.lastrowid or 0), kind, ident)
    return changes


def _restore_sources(connection: sqlite3.Connection, keys: Keys, load: int) -> set[str]:
    rows = connection.execute(
        "SELECT source, series, load, payload FROM source_history WHERE by_load = ?", (load,)
    ).fetchall()
    for source, series, by, payload in rows:
        if payload is None:
            connection.execute(
                "DELETE FROM source WHERE source = ? AND series = ?", (source, series)
            )
        else:
            connection.execute(
                "INSERT OR REPLACE INTO source (source, series, load, payload) VALUES (?, ?, ?, ?)",
                (source, series, by, payload),
            )
    return {keys.source_id(source) for source, *_ in rows}
