"""Where a contract check finds its store: an opener, and an address that a child can open too."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from graph.store.port import GraphStore


class Place(NamedTuple):
    """A store's address and ``module:name`` of what opens it."""

    opener: str
    url: str

    def open(self) -> GraphStore:
        """Return a new handle on the same content."""
        module, _, name = self.opener.partition(":")
        opener: Callable[[str], GraphStore] = getattr(importlib.import_module(module), name)
        return opener(self.url)

    @contextmanager
    def store(self) -> Iterator[GraphStore]:
        """Lend a handle and close it."""
        store = self.open()
        try:
            yield store
        finally:
            store.close()
