"""The fixed lists of labels and relationship types: no other word ever enters a query's text.

A structure is ``:Structure`` and its kind (``:Structure:Ehpad``), a territory ``:Territory`` and
its level (``:Territory:Commune``). Everything that a source speaks of, or that something else
cites, is an ``:Entity`` with a unique `ref` (``structure:940110018``); what is cited and described
by no source is nothing more than that.
"""

from __future__ import annotations

from graph.model import EntityKind
from graph.vocabulary import KINDS, LEVELS


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("_"))


KIND_LABELS = {kind: _camel(kind) for kind in KINDS}
LEVEL_LABELS = {level: _camel(level) for level in LEVELS}

LABELS: dict[EntityKind, str] = {
    "structure": "Structure",
    "cooperation": "Cooperation",
    "membership": "Membership",
    "territory": "Territory",
}

FINER_LABELS: dict[EntityKind, dict[str, str]] = {
    "structure": KIND_LABELS,
    "cooperation": {},
    "membership": {},
    "territory": LEVEL_LABELS,
}
"""What a thing is labelled beside its general label: its kind or its level, where it is listed."""


def entity_ref(kind: EntityKind, ident: str) -> str:
    """Return the key of a thing among all that a store holds."""
    return f"{kind}:{ident}"


def split_entity(ref: str) -> tuple[EntityKind, str]:
    """Return kind and id of a thing."""
    kind, _, ident = ref.partition(":")
    return kind, ident  # type: ignore[return-value]


def all_labels(kind: EntityKind, finer: str | None) -> str:
    """Return the labels of a thing, as Cypher writes them: ``Structure:Ehpad``."""
    label = FINER_LABELS[kind].get(finer or "")
    return f"{LABELS[kind]}:{label}" if label else LABELS[kind]


def removable_labels(kind: EntityKind) -> str:
    """Return every label that a thing of `kind` can have, as Cypher writes them."""
    return ":".join((LABELS[kind], *FINER_LABELS[kind].values()))
