"""Stores of the network: the port that all of them keep, and how one is opened."""

from graph.store.open import default_path, default_url, open_store
from graph.store.port import GraphStore

__all__ = ["GraphStore", "default_path", "default_url", "open_store"]
