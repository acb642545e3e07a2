"""Write anew what people see of the things that a load touched."""

from __future__ import annotations

import sqlite3
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import cast

from graph.model import Territory
from graph.store.encoding import CODES, encode
from graph.store.sqlite import bulk
from graph.store.sqlite.keys import Keys, one_a_line
from graph.store.sqlite.resolver import Resolver, source_records
from graph.store.sqlite.structures import StructureTable
from graph.store.sqlite.touched import Touched

CHUNK = 10_000
"""How many things are written before progress is told."""

Tell = Callable[[int, int], None]


def materialise(
    connection: sqlite3.Connection,
    keys: Keys,
    touched: Touched,
    changed_sources: Collection[str],
    tell: Tell,
) -> None:
    """Resolve and write every thing in `touched`.

    A source that changed can change what is believed first: the things that it and others speak
    of are touched too.
    """
    _touch_precedence(connection, keys, touched, changed_sources)
    sources = source_records(connection)
    # Territories first: a structure is also found by the name of its commune.
    renamed = _write_territories(Resolver(connection, touched, CODES["territory"], sources))
    table = StructureTable(connection)
    table.remove(touched.rows)
    touched.ids[CODES["structure"]].update(dict.fromkeys(table.in_communes(renamed)))
    for kind in ("cooperation", "membership"):
        _write_plain(Resolver(connection, touched, CODES[kind], sources), kind)
    _write_structures(Resolver(connection, touched, CODES["structure"], sources), table, tell)


def _touch_precedence(
    connection: sqlite3.Connection, keys: Keys, touched: Touched, changed: Collection[str]
) -> None:
    # What a new source states was written just now: it is touched already.
    for source in set(changed) - keys.new_sources:
        rows = connection.execute(
            "SELECT kind, id FROM claim WHERE source = ? AND EXISTS"
            " (SELECT 1 FROM claim AS other WHERE other.kind = claim.kind"
            " AND other.id = claim.id AND other.key <> claim.key)",
            (keys.source(source),),
        )
        for kind, ident in rows:
            touched.ids[kind][ident] = None


def _write_structures(resolver: Resolver, table: StructureTable, tell: Tell) -> None:
    ids = sorted(resolver.ids)
    table.remove_about(ids, resolver)
    with bulk.Writing(resolver.connection) as rows:
        for start in range(0, len(ids), CHUNK):
            tell(start, len(ids))
            table.write(ids[start : start + CHUNK], resolver, rows)
    tell(len(ids), len(ids))


def _write_plain(resolver: Resolver, table: str) -> None:
    """Write the things that have no column of their own."""
    ids = sorted(resolver.ids)
    found = resolver.resolved(ids)
    _delete(resolver.connection, table, [ident for ident in ids if ident not in found])
    resolver.connection.executemany(
        f"INSERT OR REPLACE INTO {table} (id, claim, payload) VALUES (?, ?, ?)",  # noqa: S608
        ((ident, item.claim, item.payload) for ident, item in found.items()),
    )


def _write_territories(resolver: Resolver) -> list[str]:
    """Write territories; return the codes of the communes whose name changed."""
    ids = sorted(resolver.ids)
    if not ids:
        return []
    found = resolver.resolved(ids)
    names = _names(resolver.connection, ids)
    _delete(resolver.connection, "territory", [ident for ident in ids if ident not in found])
    shown = {ident: cast("Territory", item.values) for ident, item in found.items()}
    resolver.connection.executemany(
        "INSERT OR REPLACE INTO territory (id, level, code, name, parents, claim, payload)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(ident, shown[ident].level, shown[ident].code, shown[ident].name),
                *(one_a_line(shown[ident].parents), item.claim, item.payload),
            )
            for ident, item in found.items()
        ),
    )
    return list(_renamed(names, shown))


def _renamed(
    before: Mapping[str, tuple[str, str, str | None]], after: Mapping[str, Territory]
) -> Iterator[str]:
    for ident, (level, code, name) in before.items():
        if level == "commune" and (ident not in after or after[ident].name != name):
            yield code
    for ident, item in after.items():
        if ident not in before and item.level == "commune":
            yield item.code


def _names(
    connection: sqlite3.Connection, ids: list[str]
) -> dict[str, tuple[str, str, str | None]]:
    rows = connection.execute(
        "SELECT id, level, code, name FROM territory WHERE id IN (SELECT value FROM json_each(?))",
        (encode(ids),),
    )
    return {ident: (level, code, name) for ident, level, code, name in rows}


def _delete(connection: sqlite3.Connection, table: str, ids: list[str]) -> None:
    connection.executemany(
        f"DELETE FROM {table} WHERE id = ?",  # noqa: S608 - a table of this module
        ((ident,) for ident in ids),
    )


def drop_orphan_polygons(connection: sqlite3.Connection) -> None:
    """Delete the polygons that no claim uses any more, nor a claim that an undo could restore."""
    rows = connection.execute(
        "SELECT payload ->> 'geometry' FROM claim WHERE kind = :kind"
        " UNION SELECT payload ->> 'geometry' FROM claim_history WHERE kind = :kind",
        {"kind": CODES["territory"]},
    )
    used = {b64decode(digest) for (digest,) in rows if digest is not None}
    kept = connection.execute("SELECT digest FROM geometry").fetchall()
    connection.executemany(
        "DELETE FROM geometry WHERE digest = ?", (row for row in kept if row[0] not in used)
    )
