"""Short numbers for the names of series and sources, which every claim repeats; lists as text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


def one_a_line(refs: Iterable[str]) -> str:
    """Return references as one text, one on each line whatever they hold."""
    return "\n".join(map(on_one_line, refs))


def on_one_line(ref: str) -> str:
    """Return a reference as :func:`one_a_line` writes it."""
    return ref.replace("\\", "\\\\").replace("\n", "\\n")


class Keys:
    """The numbers of series and sources, as one transaction sees them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._series = _numbers(connection, "SELECT id, key FROM series")
        self._sources = _numbers(connection, "SELECT id, key FROM source_key")
        self._names = {key: name for name, key in self._sources.items()}
        self.new_sources: set[str] = set()

    def series(self, name: str) -> int:
        """Return the number of a series; 0 if the store does not know it."""
        return self._series.get(name, 0)

    def source(self, name: str) -> int:
        """Return the number of a source; 0 if the store does not know it."""
        return self._sources.get(name, 0)

    def source_id(self, key: int) -> str:
        """Return the id of the source that has the number `key`."""
        return self._names[key]

    def add_series(self, name: str) -> int:
        """Return the number of a series, giving it one if it is new."""
        if name not in self._series:
            cursor = self._connection.execute("INSERT INTO series (id) VALUES (?)", (name,))
            self._series[name] = int(cursor.lastrowid or 0)
        return self._series[name]

    def add_source(self, name: str) -> int:
        """Return the number of a source, giving it one if it is new."""
        if name not in self._sources:
            cursor = self._connection.execute("INSERT INTO source_key (id) VALUES (?)", (name,))
            key = int(cursor.lastrowid or 0)
            self._sources[name] = key
            self._names[key] = name
            self.new_sources.add(name)
        return self._sources[name]


def _numbers(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return {str(name): int(key) for name, key in connection.execute(query)}
