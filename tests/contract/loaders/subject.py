"""What the contract of loaders is checked on: a loader, its files, and what it made of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from graph.model import AnyClaim
from graph.store.port import LoadBatch
from loaders.base import LoadContext, SourceSpec


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Files of a loader and how to read them.

    `flawed` tells that the files hold a row to be rejected: only then can it be checked that the
    rejection is explained.
    """

    paths: tuple[Path, ...] = ()
    context: LoadContext = msgspec.field(default_factory=LoadContext)
    flawed: bool = True


class Subject:
    """A loader on its sample, read twice."""

    def __init__(self, spec: SourceSpec, sample: Sample) -> None:
        self.spec = spec
        self.sample = sample

    def read(self) -> LoadBatch:
        """Read the sample anew."""
        return self.spec.read(self.sample.paths, self.sample.context)

    @cached_property
    def batch(self) -> LoadBatch:
        """The sample, read once."""
        return self.read()

    @cached_property
    def again(self) -> LoadBatch:
        """The sample, read a second time."""
        return self.read()


def strings(claim: AnyClaim) -> Iterator[tuple[str, str]]:
    """Yield every text of a claim with the name of its field."""
    plain: dict[str, Any] = msgspec.to_builtins(claim, builtin_types=(bytes,))
    for name, value in plain.items():
        for text in _texts(value):
            yield name, text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
