"""Commune names of CPTS lists, read without ever guessing.

Lists name communes with or without their article, with broken letters ("Ponèon" for Ponçon), under
the name they had before a merger, and cities by arrondissement. A name that several communes bear
in the département stated, or a city named without its arrondissements, is rejected with what it
may mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from graph.identifiers import fold
from loaders.communes import Commune, CommuneIndex, name_key

SUGGESTED = 3
_ALIKE = 80
_SEPARATORS = re.compile(r"[;\n|•]+|,(?!\d)|\s/\s")
_AND = re.compile(r"\s+(?:et|&)\s+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\((?:\d{2,3}|2[AB])\)\s*$", re.IGNORECASE)
_CITY = re.compile(r"^(paris|lyon|marseille)\b(?P<rest>.*)$")
_NUMBERS = re.compile(r"\b0?(\d{1,2})(?:er|ere|e|eme|nd|nde)?\b")
_POSTAL = re.compile(r"\b(?:750|690|130)(\d{2})\b")
_LEFT = re.compile(r"^(?:\s|et|arr|arrts?|arrondissements?|ardt|a|\d|er|eme|e)*$")
_DAMAGE = re.compile("[?\N{REPLACEMENT CHARACTER}ÂÃ]")
"""What an accented letter becomes when its encoding is mistaken; no name has it."""
_NOTHING = re.compile(r"(?!)")
_LONG = 6
"""Letters below which a damaged name could be another one."""
_ARTICLE = re.compile(r"^(?:les?|la|l)-")

Remark = Literal["", "merged", "broken"]


class Found(NamedTuple):
    """Communes that a text names; `remark` says what had to be understood."""

    communes: tuple[Commune, ...]
    written: str
    remark: Remark = ""


class Unread(NamedTuple):
    """A text that names no commune for sure: code of the rejection, and what it may mean."""

    code: str
    written: str
    choices: tuple[str, ...] = ()


def read_places(
    text: str, departement: str | None, postal_code: str | None = None
) -> list[Found | Unread]:
    """Return what each name of a cell means; one cell may hold several.

    Parameters
    ----------
    text : str
        One name, or several parted by commas, semicolons or lines.
    departement : str, optional
        Code of the département stated beside.
    postal_code : str, optional
        Postal code stated beside.
    """
    whole = " ".join(text.split())
    result = _read(whole, departement, postal_code)
    if isinstance(result, Found):
        return [result]
    parts = [" ".join(part.split()) for part in _SEPARATORS.split(text)]
    parts = [part for part in parts if part]
    if len(parts) == 1:
        return _read_pair(parts[0], departement, result)
    found: list[Found | Unread] = []
    for part in parts:
        found += _read_pair(part, departement, _read(part, departement, None))
    return found


def read_code(code: str) -> Found | Unread:
    """Return the commune of an INSEE code, old ones followed; a spreadsheet may have cut a zero."""
    written = code.strip().upper()
    index = CommuneIndex.bundled()
    codes = index.current(written) or index.current(written.zfill(5))
    if len(codes) > 1:
        return Unread("cpts.city", code, ())
    commune = index.by_code(codes[0]) if codes else None
    if commune is None:
        return Unread("cpts.commune", code, ())
    same = written.zfill(5) == commune.code
    return Found((commune,), code, "" if same else "merged")


def _read_pair(text: str, departement: str | None, result: Found | Unread) -> list[Found | Unread]:
    """Return the reading of `text`, or of the two names that "et" joins where both are known."""
    if isinstance(result, Unread) and len(names := _AND.split(text)) > 1:
        both = [_read(name, departement, None) for name in names]
        if all(isinstance(item, Found) for item in both):
            return both
    return [result]


def _read(text: str, departement: str | None, postal_code: str | None) -> Found | Unread:
    name = _IN_BRACKETS.sub("", text)
    if (districts := _districts(name)) is not None:
        return districts
    found = _spelt_so(name, CommuneIndex.bundled().find(name, departement, postal_code))
    mended = _mended(name, departement) if not found or _DAMAGE.search(name) else []
    choices = {item.code: item for item in (*found, *mended)}
    if len(choices) > 1:
        return _several(text, tuple(choices.values()))
    for item in found:
        return Found((item,), text, "merged" if _renamed(name, item) else "")
    for item in mended:
        return Found((item,), text, "broken")
    return _unknown(name, text, departement)


def _spelt_so(name: str, found: tuple[Commune, ...]) -> tuple[Commune, ...]:
    """Return the one commune that has the accents of `name`: Vergné is not La Vergne."""
    if len(found) == 1 or name.isascii():
        return found
    same = tuple(item for item in found if _plain(item.name) == _plain(name))
    return same if len(same) == 1 else found


def _districts(name: str) -> Found | Unread | None:
    """Return the arrondissements that follow the name of a city: "Marseille 1er, 2e et 3e"."""
    words = fold(name)
    match = _CITY.match(words)
    if match is None:
        return None
    rest = match["rest"]
    numbers = [*_POSTAL.findall(rest), *_NUMBERS.findall(_POSTAL.sub(" ", rest))]
    if not numbers or not _LEFT.match(rest):
        return None if not _LEFT.match(rest) else _city(name, match[1])
    index = CommuneIndex.bundled()
    found = [index.find(f"{match[1]} {int(number)}") for number in numbers]
    if not all(found):
        return Unread("cpts.commune", name)
    communes = {item.code: item for group in found for item in group}
    return Found(tuple(communes.values()), name)


def _city(name: str, city: str) -> Unread:
    districts = CommuneIndex.bundled().find(city)
    return Unread("cpts.city", name, (districts[0].name, "…", districts[-1].name))


def _several(text: str, found: Sequence[Commune]) -> Unread:
    choices = [f"{item.name} ({item.code})" for item in found[:SUGGESTED]]
    return Unread("cpts.commune_ambiguous", text, (*choices, "…")[: len(found)])


def _renamed(name: str, commune: Commune) -> bool:
    """Tell whether a commune was found under the name of one that merged into it."""
    district = re.match(r"(Paris|Lyon|Marseille) \d", commune.name)
    return district is None and name_key(_bare(name))[0] != name_key(commune.name)[0]


def _bare(name: str) -> str:
    return re.sub(r"^\s*\d{5}\s+", "", name)


def _mended(name: str, departement: str | None) -> list[Commune]:
    """Return the communes of the département whose accented letters `name` may have damaged."""
    written = _plain(name)
    communes = CommuneIndex.bundled().of_departement(departement) if departement else []
    return [item for item in communes if _pattern(item.name).fullmatch(written)]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of `name` in which a letter with an accent may be damaged or lost."""
    plain = _plain(name)
    if len(plain) < _LONG:
        return _NOTHING
    return re.compile("(?:(?:les?|la|l)-)?" + "".join(_loose(letter) for letter in plain))


def _loose(letter: str) -> str:
    if letter.isascii():
        return re.escape(letter)
    own = "[a-z?]" if letter == "ç" else f"[?{fold(letter)[:1]}]"
    return rf"(?:{own}|[^\x00-\x7f]{{1,2}})?"


def _plain(name: str) -> str:
    """Return `name` in lower case, words joined by hyphens, without article; accents are kept."""
    joined = re.sub(r"[\s'’_.-]+", "-", name.casefold()).strip("-")
    return _ARTICLE.sub("", joined)


def _unknown(name: str, text: str, departement: str | None) -> Unread:
    index = CommuneIndex.bundled()
    if departement and (elsewhere := index.find(name)):
        choices = [f"{item.name} ({item.code})" for item in elsewhere[:SUGGESTED]]
        return Unread("cpts.commune_elsewhere", text, tuple(choices))
    near = index.of_departement(departement) if departement else []
    names = {fold(item.name): f"{item.name} ({item.code})" for item in near}
    hits = process.extract(
        fold(name), list(names), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=SUGGESTED
    )
    return Unread("cpts.commune", text, tuple(names[hit] for hit, _, _ in hits))
