"""Communes and territories named in a register."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from graph.identifiers import fold, split_ref, territory_ref
from graph.model import TerritoryValues
from graph.vocabulary import LEVELS
from loaders.communes import CommuneIndex
from loaders.conventions.problems import CellError

_DEPARTEMENT = re.compile(r"^(?P<name>.*?)[\s,]*\(?\b(?P<code>\d{2}|2[ABab]|97\d)\)?$")


class Places:
    """Communes by name and, where the store has them, the other territories.

    Parameters
    ----------
    communes : CommuneIndex
        The communes of France.
    territories : iterable of TerritoryValues
        The territories of the store.
    """

    def __init__(self, communes: CommuneIndex, territories: Iterable[TerritoryValues] = ()) -> None:
        self._communes = communes
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._refs: set[str] = set()
        for item in territories:
            ref = territory_ref(item.level, item.code)
            self._refs.add(ref)
            for words in {fold(item.name or ""), fold(item.code)} - {""}:
                if item.level != "commune":
                    self._by_name[words].append(ref)

    def communes(self, written: str) -> tuple[str, ...]:
        """Return the codes of the communes that `written` can mean.

        Raises
        ------
        CellError
            ``commune_unknown``.
        """
        found = self._find(written)
        if not found:
            raise CellError("commune_unknown", field="partner_commune", value=written)
        return found

    def _find(self, written: str) -> tuple[str, ...]:
        stated = _DEPARTEMENT.match(written.strip())
        names: list[tuple[str, str | None]] = [(written, None)]
        if stated and stated["name"]:
            names.append((stated["name"], stated["code"].upper()))
        for name, departement in names:
            found = self._communes.find(name, departement)
            if found:
                return tuple(commune.code for commune in found)
        return ()

    def name(self, code: str) -> str | None:
        """Return the name of the commune whose code is given."""
        found = self._communes.by_code(code)
        return found.name if found else None

    def territories(self, written: str) -> tuple[str, ...]:
        """Return the references of the territories that `written` can mean."""
        level, code = split_ref(written.strip())
        if level in LEVELS and code:
            return self._stated(level, code.strip())
        found = dict.fromkeys(self._by_name.get(fold(written), ()))
        if len(found) != 1:
            found |= {territory_ref("commune", code): None for code in self._find(written)}
        return tuple(found)

    def _stated(self, level: str, code: str) -> tuple[str, ...]:
        ref = territory_ref(level, code)
        known = ref in self._refs or (
            level == "commune" and self._communes.by_code(code) is not None
        )
        if known:
            return (ref,)
        if level == "commune":
            return tuple(territory_ref(level, item) for item in self._find(code))
        return tuple(ref for ref in self._by_name.get(fold(code), ()) if split_ref(ref)[0] == level)
