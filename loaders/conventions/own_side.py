"""The group's own side of a convention: who signed for it, and which of its sites it concerns.

Nothing is written down here of any group: its members and their names come from the store. A
convention whose signatory is not stated is the group's, "signataire non précisé" (DOMAIN.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.identifiers import fold
from graph.model import Membership, Party, Structure
from loaders.conventions.problems import CellError
from loaders.conventions.values import split_values

SIGNATORY_NOT_STATED = "signataire non précisé"

_ALL_MEMBERS = re.compile(
    r"(?:les |tous les |toutes les |l ensemble des )?"
    r"(?:deux|2|tous|toutes|ensemble)(?: (?:etablissements?|sites?|hopitaux|chi))?"
    r"|(?:tous les|l ensemble des|both) ?(?:etablissements?|sites?|hopitaux)?|both|all"
)
_GROUP_WORDS = frozenset(
    {"ght", "le ght", "groupe", "le groupe", "groupement", "direction commune"}
)
_PARTS = re.compile(r"[,/+&]|\bet\b|\bainsi que\b")


class OwnSide(NamedTuple):
    """The focus, its members, and every name that one of them or of their sites goes by."""

    focus: str | None
    members: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str | None]

    def parties(self, cell: str | None, function: str | None) -> tuple[Party, ...]:
        """Return the group's parties: those stated, else the group itself.

        Raises
        ------
        CellError
            A name that is none of the group's.
        """
        if cell is None:
            if self.focus is None:
                return ()
            return (self._party(self.focus, function),)
        return tuple(self._party(item, function) for item in self.structures(cell))

    def _party(self, structure: str, function: str | None) -> Party:
        if structure == self.focus:
            note = SIGNATORY_NOT_STATED
            return Party(structure=structure, level="GHT", signatory=function, note=note)
        return Party(structure=structure, level=self.levels.get(structure), signatory=function)

    def sites(self, cell: str) -> tuple[str, ...]:
        """Return the sites that a cell names: the establishment where an entity bears its name.

        Raises
        ------
        CellError
            ``own_side_unknown``, with the names allowed.
        """
        return tuple(dict.fromkeys(map(self._site, self.structures(cell))))

    def _site(self, structure: str) -> str:
        alike = [ids for ids in self.names.values() if ids[0] == structure]
        places = {item for ids in alike for item in ids if self.levels.get(item) == "ET"}
        return places.pop() if len(places) == 1 else structure

    def structures(self, cell: str) -> tuple[str, ...]:
        """Return the members or sites that a cell names (``CHIC``, ``les deux``, ``CHIC et CHIV``).

        Raises
        ------
        CellError
            ``own_side_unknown``, with the names allowed.
        """
        found: dict[str, None] = {}
        for value in split_values(cell):
            found |= dict.fromkeys(self._whole(value) or self._parts(value))
        return tuple(found)

    def find(self, name: str) -> str | None:
        """Return the member or site of that exact name, None if the group has none."""
        found = self.names.get(fold(name), ())
        return found[0] if found else None

    def _whole(self, value: str) -> tuple[str, ...]:
        key = fold(value)
        if key in self.names:
            return self.names[key][:1]
        if self.focus and key in _GROUP_WORDS:
            return (self.focus,)
        if _ALL_MEMBERS.fullmatch(key):
            return self._all(value)
        return ()

    def _all(self, value: str) -> tuple[str, ...]:
        """Return all members; "les deux" only of two."""
        two = "deux" in fold(value) or "2" in value or fold(value) == "both"
        if not self.members or (two and len(self.members) != 2):  # noqa: PLR2004 - "les deux"
            raise self._unknown(value)
        return self.members

    def _parts(self, value: str) -> tuple[str, ...]:
        parts = [part.strip() for part in _PARTS.split(value) if part.strip()]
        found = [item for part in parts for item in self._whole(part) or (None,)]
        if not parts or None in found:
            raise self._unknown(value)
        return tuple(item for item in found if item is not None)

    def _unknown(self, value: str) -> CellError:
        return CellError("own_side_unknown", value=value, allowed=", ".join(self.labels()))

    def labels(self) -> list[str]:
        """Return what a register may write: the members' shortest names, then the group."""
        shown = [min(self._names_of(item), key=len, default=item) for item in self.members]
        return [*shown, "GHT", "les deux"] if shown else ["–"]

    def _names_of(self, structure: str) -> list[str]:
        return [name.upper() for name, ids in self.names.items() if ids[0] == structure]


def own_side(
    focus: str | None,
    structures: Iterable[Structure],
    memberships: Iterable[Membership],
    aliases: Mapping[str, str] | None = None,
) -> OwnSide:
    """Gather the group around `focus` from what the store knows.

    Parameters
    ----------
    focus : str or None
        The group's id.
    structures, memberships : iterable
        The store's.
    aliases : Mapping, optional
        Other names for its structures, name to id.

    Notes
    -----
    A name borne by a legal entity and by its establishment means the entity: it is what signs.
    """
    if focus is None:
        return OwnSide(None, (), {}, {})
    members = tuple(sorted({item.member for item in memberships if item.group == focus}))
    circle = {focus, *members}
    inside = [item for item in structures if item.id in circle or item.legal_entity in circle]
    rank = {"EJ": 1, "ET": 2}
    inside.sort(key=lambda item: (item.id != focus, rank.get(item.level or "", 3), item.id))
    names: dict[str, list[str]] = defaultdict(list)
    for item in inside:
        for name in filter(None, (item.name, *item.other_names)):
            names[fold(name)].append(item.id)
    for name, structure in (aliases or {}).items():
        names[fold(name)].insert(0, structure)
    return OwnSide(
        focus,
        members,
        {name: tuple(ids) for name, ids in names.items()},
        {item.id: item.level for item in inside},
    )
