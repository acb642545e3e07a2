"""What *Conventions* and *Méthode* were asked beside the selection, to and from the URL."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph.model import Record
from graph.vocabulary import COOPERATION_TYPES

UNSTATED = "inconnue"
"""Stands for agreements of which no source states the type."""

LISTS = (
    "registre",
    "frise",
    "preavis",
    "a_renouveler",
    "appliquees",
    "a_signer",
    "bilan",
    "sans_referent",
    "sans_document",
    "sans_terme",
)
"""Parts of the page *Conventions*: the register, the timeline, then the queues."""

_METHOD = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_]{0,39}")


class RegisterState(Record, frozen=True, kw_only=True):
    """Which part is open, types of agreement kept (empty: all), method opened in *Méthode*."""

    part: str = LISTS[0]
    types: frozenset[str] = frozenset()
    method: str | None = None


def register_query(state: RegisterState) -> dict[str, str | list[str]]:
    """Return the URL parameters of `state`; what is as by default is left out."""
    query: dict[str, str | list[str]] = {}
    if state.part != LISTS[0]:
        query["liste"] = state.part
    if state.types:
        query["natures"] = sorted(state.types)
    if state.method is not None:
        query["mesure"] = state.method
    return query


def read_register(query: Mapping[str, Sequence[str]], dropped: list[str]) -> RegisterState:
    """Return what URL parameters ask; names of those left out are added to `dropped`."""
    found: dict[str, object] = {}
    if "liste" in query:
        part = _only(query["liste"])
        found |= {"part": part} if part in LISTS else {}
        dropped += [] if part in LISTS else ["liste"]
    if "natures" in query:
        allowed = {*COOPERATION_TYPES, UNSTATED}
        kept = frozenset(query["natures"]) & allowed
        found["types"] = kept
        dropped += ["natures"] if len(kept) < len(set(query["natures"])) else []
    if "mesure" in query:
        method = _only(query["mesure"])
        sound = _METHOD.fullmatch(method) is not None
        found |= {"method": method} if sound else {}
        dropped += [] if sound else ["mesure"]
    return RegisterState(**found)  # type: ignore[arg-type]


def _only(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else ""
