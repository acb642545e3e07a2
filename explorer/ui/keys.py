"""What cached answers are kept by: the store and its content, the question, the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from graph.store.port import GraphStore

Question = msgspec.Struct | str | None


class Key(msgspec.Struct, frozen=True):
    """What an answer depends on: the store and its content, the question, the language."""

    url: str
    revision: int
    language: str
    question: Question = None

    def encoded(self) -> bytes:
        """Return the key as bytes, the same for equal sets."""
        return msgspec.json.encode(self, order="deterministic")


HASH: dict[str | type[Any], Callable[[Any], Any]] = {Key: Key.encoded}


def key_of(
    held: GraphStore, speaks: str, *question: msgspec.Struct | str | None
) -> tuple[Key, ...]:
    """Return what an answer to `question` is kept by; a part of the question a key."""
    url, revision = held.url, held.revision()
    return tuple(Key(url, revision, speaks, part) for part in question)
