"""Closed lists that a register may use, and the words that registers write for each value.

Labels of the catalogues are always understood, in both languages; ``choices.toml`` adds what
people write besides. A word that could mean two values ("en cours") is in none: it must be mapped
in a profile.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.identifiers import fold
from graph.messages import LANGUAGES, text
from graph.vocabulary import (
    CONFIDENTIALITY,
    COOPERATION_TYPES,
    KINDS,
    PARTY_LEVELS,
    PATHWAY_STEPS,
    Status,
)
from loaders.conventions.problems import CellError

AMENDMENT = "avenant"
"""Not a type of the model: an amendment is the child of the convention that it changes."""

ROLES = ("partie", "pilote", "concerne", "soutien", "temoin")
DIRECTIONS = ("recette", "depense", "neutre")
ALIVE = ("vivante", "dormante")
APPROVALS = ("ARS", "DAF", "DRH", "DSI", "DPO", "juridique")


class Choice(NamedTuple):
    """A closed list: its values, and the catalogue areas of its labels."""

    values: tuple[str, ...]
    areas: tuple[str, ...]


CHOICES: Mapping[str, Choice] = {
    "type": Choice((*COOPERATION_TYPES, AMENDMENT), ("type", "register.choice.type")),
    "status": Choice(tuple(Status), ("status",)),
    "partner_kind": Choice(KINDS, ("kind", "kind_short")),
    "partner_role": Choice(ROLES, ("register.choice.role",)),
    "partner_level": Choice(PARTY_LEVELS, ("structure_level",)),
    "pathway": Choice(PATHWAY_STEPS, ("pathway",)),
    "confidentiality": Choice(CONFIDENTIALITY, ("confidentiality",)),
    "amount_direction": Choice(DIRECTIONS, ("register.choice.direction",)),
    "alive": Choice(ALIVE, ("register.choice.alive",)),
}


def choose(list_name: str, written: str, mapped: Mapping[str, str] | None = None) -> str:
    """Return the value of the closed list that `written` stands for.

    Parameters
    ----------
    list_name : str
        Key of :data:`CHOICES`, a field's id.
    written : str
        The cell.
    mapped : Mapping, optional
        What a profile says of the words of this register, folded.

    Raises
    ------
    CellError
        ``unknown_value``, with the labels allowed.
    """
    key = fold(written)
    if mapped and key in mapped:
        return mapped[key]
    found = _table(list_name).get(key)
    if found is None:
        allowed = " ; ".join(labels(list_name))
        raise CellError("unknown_value", field=list_name, value=written, allowed=allowed)
    return found


def labels(list_name: str, language: str = "fr") -> list[str]:
    """Return what a register may write in this column, in the order of the list."""
    choice = CHOICES[list_name]
    return [label(list_name, value, language) for value in choice.values]


def label(list_name: str, value: str, language: str = "fr") -> str:
    """Return the words that stand for one value of a closed list."""
    for area in CHOICES[list_name].areas:
        try:
            return text(f"{area}.{value}", language)
        except KeyError:
            continue
    return value


@cache
def _table(list_name: str) -> dict[str, str]:
    choice = CHOICES[list_name]
    table = {
        fold(word): value
        for value, words in _synonyms().get(list_name, {}).items()
        for word in words
    }
    for language in LANGUAGES:
        for value in choice.values:
            for area in choice.areas:
                words = _label_or_none(f"{area}.{value}", language)
                if words:
                    table[fold(words)] = value
                    table.setdefault(fold(words.partition("(")[0]), value)
    table.update({fold(value): value for value in choice.values})
    return table


@cache
def _synonyms() -> dict[str, dict[str, list[str]]]:
    table = files("loaders.conventions").joinpath("choices.toml")
    return tomllib.loads(table.read_text(encoding="utf-8"))


def _label_or_none(key: str, language: str) -> str | None:
    try:
        return text(key, language)
    except KeyError:
        return None
