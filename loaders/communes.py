"""The communes of today, found by code (old ones followed) or by name as people write it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from sys import intern
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from graph.identifiers import fold

FOLDER = Path(__file__).resolve().parent.parent / "data" / "territories"
"""The bundled territories."""

_LEADING_CODE = re.compile(r"^\s*(\d{5})\s+(?=\D)")
# the classic FINESS files cut the line at 30 characters: "VILLENEUVE ST GEORGES CEDE"
_CEDEX = re.compile(r"\s+ced(?:e|ex)?\b\s*(\d{1,2})?.*$")
_DISTRICT = re.compile(
    r"^(paris|lyon|marseille)\s+0?(\d{1,2})\s*(?:er|ere|e|eme|nd|nde)?(?:\s+arr(?:t|ondissement)?)?$"
)
_CITIES = {"paris": "751", "lyon": "6938", "marseille": "132"}
_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "s": "sur",
    "lez": "les",
}
_ARTICLES = frozenset({"le", "la", "les", "l"})


class Commune(NamedTuple):
    """A commune of today, or a municipal arrondissement of Paris, Lyon or Marseille."""

    code: str
    name: str
    departement: str
    arrondissement: str | None
    postal_codes: tuple[str, ...]


class CommuneIndex:
    """Communes by code and by name.

    Parameters
    ----------
    communes : iterable of Commune
        The communes of today; gone through when first asked for more than their codes.
    old_codes : iterable of (old code, current code, old name)
        What codes and names of former communes, and of whole cities, have become.
    """

    def __init__(
        self, communes: Iterable[Commune], old_codes: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        self._communes = communes
        self._successors: dict[str, list[str]] = defaultdict(list)
        self._former: list[tuple[str, str]] = []
        for old, current, name in old_codes:
            self._successors[old].append(current)
            if name:
                self._former.append((old, name))

    @classmethod
    def bundled(cls) -> CommuneIndex:
        """Return the index of ``data/territories``, read once."""
        return _bundled()

    def __len__(self) -> int:
        return len(self._codes)

    def by_code(self, code: str) -> Commune | None:
        """Return the commune of today whose code is `code`."""
        return self._by_code.get(code.upper())

    def current(self, code: str) -> tuple[str, ...]:
        """Return the codes of today that `code` stands for, sorted.

        Itself where it is current; the commune that it merged into; the arrondissements of Paris,
        Lyon or Marseille; nothing where it is unknown.
        """
        found: set[str] = set()
        waiting, seen = [code.upper()], set()
        while waiting:
            item = waiting.pop()
            if item in seen:
                continue
            seen.add(item)
            if item in self._codes:
                found.add(item)
            else:
                waiting.extend(self._successors.get(item, ()))
        return tuple(sorted(found))

    def find(
        self, name: str, departement: str | None = None, postal_code: str | None = None
    ) -> tuple[Commune, ...]:
        """Return the communes that `name` can mean, sorted by code; empty if none.

        Parameters
        ----------
        name : str
            As people and files write it: accents, hyphens and case free, article optional, St for
            Saint, ``94010 CRETEIL CEDEX``, ``Paris 13e``, the name of a merged commune.
        departement : str, optional
            Keep the communes of this département only.
        postal_code : str, optional
            Keep the communes that have it; a CEDEX code, which none has, stands for its
            département.
        """
        leading = _LEADING_CODE.match(name)
        if leading:
            name, postal_code = name[leading.end() :], postal_code or leading[1]
        departement = departement.upper() if departement else None
        codes = self._district(name) or self._named(name, departement)
        found = [self._by_code[code] for code in sorted(codes)]
        if departement:
            found = [commune for commune in found if commune.departement == departement]
        return tuple(_by_postal_code(found, postal_code) if postal_code else found)

    def _district(self, name: str) -> set[str]:
        words = _CEDEX.sub(lambda match: f" {match[1] or ''}", fold(name)).strip()
        match = _DISTRICT.match(words)
        if match is None:
            return set()
        code = f"{_CITIES[match[1]]}{match[2].zfill(5 - len(_CITIES[match[1]]))}"
        return {code} & self._by_code.keys()

    def _named(self, name: str, departement: str | None) -> set[str]:
        """Return the codes of a name, those of today first; a name may live on elsewhere only."""
        key, article = name_key(name)
        for names in (self._names, self._old_names):
            entries = [
                (code, own) for entry, own in names.get(key, ()) for code in self.current(entry)
            ]
            here = [
                (code, own)
                for code, own in entries
                if departement in (None, self._by_code[code].departement)
            ]
            exact = {code for code, own in here if article and own == article}
            if here:
                return exact or {code for code, _ in here}
        return set()

    def of_departement(self, departement: str) -> list[Commune]:
        """Return the communes of a département, by code."""
        return self._by_departement.get(departement.upper(), [])

    @cached_property
    def _by_departement(self) -> dict[str, list[Commune]]:
        found: dict[str, list[Commune]] = defaultdict(list)
        for commune in self._by_code.values():
            found[commune.departement].append(commune)
        return found

    # most callers come with codes and ask for nothing else
    @cached_property
    def _codes(self) -> Collection[str]:
        return self._by_code.keys()

    @cached_property
    def _by_code(self) -> dict[str, Commune]:
        return {commune.code: commune for commune in self._communes}

    @cached_property
    def _names(self) -> dict[str, list[tuple[str, str]]]:
        return _by_name((commune.code, commune.name) for commune in self._by_code.values())

    @cached_property
    def _old_names(self) -> dict[str, list[tuple[str, str]]]:
        return _by_name(self._former)


def _by_name(entries: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, str]]]:
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, name in entries:
        key, article = name_key(name)
        names[key].append((code, article))
    return names


def name_key(name: str) -> tuple[str, str]:
    """Return `name` as names are compared, and its leading article."""
    words = [_WORDS.get(word, word) for word in _CEDEX.sub("", fold(name)).split()]
    article = words[0] if len(words) > 1 and words[0] in _ARTICLES else ""
    return "".join(words[1:] if article else words), article


def _by_postal_code(found: list[Commune], postal_code: str) -> list[Commune]:
    kept = [commune for commune in found if postal_code in commune.postal_codes]
    return kept or [commune for commune in found if _in_department(commune, postal_code)]


def _in_department(commune: Commune, postal_code: str) -> bool:
    prefix = "20" if commune.departement in {"2A", "2B"} else commune.departement
    return postal_code.startswith(prefix)


class _Bundled(CommuneIndex):
    """The index of ``data/territories``: codes are read apart, all else when it is asked for."""

    def __init__(self) -> None:
        old = ((old, current, name) for old, current, _, name in _cells("old_codes.csv"))
        super().__init__(_BundledCommunes(), old)

    @cached_property
    def _codes(self) -> Collection[str]:
        return frozenset(code for (code,) in _commune_rows("code"))


class _BundledCommunes(Iterable[Commune]):
    """The communes of ``data/territories``, read each time that they are gone through."""

    def __iter__(self) -> Iterator[Commune]:
        postal = {code: tuple(codes.split()) for code, codes in _cells("postal_codes.csv")}
        rows = _commune_rows("code", "name", "departement", "arrondissement")
        # What many communes share is kept once.
        for code, name, part, district in rows:
            yield Commune(
                code, name, intern(part), district and intern(district), postal.get(code, ())
            )


def _commune_rows(*names: str) -> Iterator[list[Any]]:
    file = pq.ParquetFile(FOLDER / "territories.parquet", memory_map=True)
    table = file.read(columns=["level", *names])
    # Not by pyarrow.compute: it brings pandas along, which is no part of reading a feed.
    cells = (table.column(name).to_pylist() for name in ("level", *names))
    return (row for level, *row in zip(*cells, strict=True) if level == "commune")


@cache
def _bundled() -> CommuneIndex:
    return _Bundled()


def _cells(name: str) -> Iterator[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        yield from rows
