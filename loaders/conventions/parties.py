"""The partners of a convention: cells parted, numbers checked, names matched, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from graph.identifiers import fold, is_finess, structure_id
from graph.model import Party, StructureClaim
from loaders.conventions.choices import choose
from loaders.conventions.own_side import OwnSide
from loaders.conventions.places import Places
from loaders.conventions.privacy import MASK, clean_text, names_person
from loaders.conventions.problems import CellError
from loaders.conventions.values import is_stated
from loaders.matching import Candidate, Match, NameIndex

MATCH_RECHECK = 55.0
"""Below this score the name beside a FINESS number looks like another structure's."""

_HARD = re.compile(r"[;|\n•]|\s/\s")
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}[.)°]\s+|[-–*•]\s+)")
_INLINE_NUMBERED = re.compile(r"(?:(?<=\s)|^)\(?\d{1,2}[.)]\s+")
_SOFT = (r"\s*,\s*", r"\s*\+\s*", r"\s*&\s*", r"\s+et\s+", r"\s*/\s*")
_FINESS = re.compile(r"(?<![\w])((?:\d{2}|2[ABab])\s?\d{3}\s?\d{3}\s?\d|\d{8})(?![\w])")
_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
_DEPARTEMENT = re.compile(r"\d{2}|2[AB]|97\d", re.IGNORECASE)
EIGHT_DIGITS = 8


class Stated(NamedTuple):
    """One partner as the register states it."""

    name: str
    finess: str = ""
    commune: str = ""
    kind: str = ""
    role: str = ""
    level: str = ""


class Found(NamedTuple):
    """A partner resolved; `created` is the structure that the register alone speaks of."""

    party: Party
    created: StructureClaim | None = None


class _Place(NamedTuple):
    """A name without the place in its brackets, and that place."""

    name: str
    communes: tuple[str, ...] = ()
    departement: str = ""


class PartyReader(NamedTuple):
    """What is needed to resolve partners.

    `separators` are a profile's; `words` its words for closed lists; `warn` reports a code, a
    value and parameters.
    """

    names: NameIndex
    own: OwnSide
    places: Places
    source: str
    separators: tuple[str, ...]
    words: dict[str, dict[str, str]]
    warn: Callable[..., None]

    def split(self, cell: str) -> list[str]:
        """Return the partners of a cell.

        Semicolons, lines, bullets and numbers part them for certain; ``et``, commas and slashes
        only where the whole is no known name and every part is one.
        """
        parts = _split_outside(cell, self._hard())
        if len(parts) == 1 and len(_INLINE_NUMBERED.findall(cell)) > 1:
            parts = _INLINE_NUMBERED.split(cell)
        named = [_BULLET.sub("", part).strip(" ,.\t") for part in parts]
        return [item for part in named if is_stated(part) for item in self._soft(part)]

    def _hard(self) -> re.Pattern[str]:
        if not self.separators:
            return _HARD
        return re.compile("|".join([_HARD.pattern, *map(re.escape, self.separators)]))

    def _soft(self, part: str) -> list[str]:
        if self._known(part):
            return [part]
        for separator in _SOFT:
            pieces = _split_outside(part, re.compile(separator))
            if len(pieces) > 1 and all(self._known(piece) for piece in pieces):
                return pieces
        pieces = _split_outside(part, re.compile("|".join(_SOFT)))
        return pieces if len(pieces) > 1 and all(map(self._known, pieces)) else [part]

    def _known(self, name: str) -> bool:
        if self.own.find(name) or _FINESS.search(name):
            return True
        place = self._place_in(name)
        return self.names.match(place.name, place.communes).outcome == "clear"

    def resolve(self, stated: Stated) -> Found:
        """Find which structure a partner is.

        Raises
        ------
        CellError
            A number that is none, an unknown commune or kind, a name that is ambiguous or unknown
            (with the candidates): the row must be mended, nothing is guessed.
        """
        kind = (
            choose("partner_kind", stated.kind, self.words.get("partner_kind"))
            if stated.kind
            else None
        )
        number, name = self._number(stated)
        party = self._party(stated, name)
        own = self.own.find(name)
        if number is None and own:
            return Found(replace(party, structure=own))
        communes: Sequence[str] = self.places.communes(stated.commune) if stated.commune else ()
        place = self._place_in(name)
        bare, communes = place.name, communes or place.communes
        if number is not None:
            return self._by_number(number, bare, communes, kind, party)
        match = self.names.match(bare, communes, kind)
        if match.best and not (match.best.commune or place.departement).startswith(
            place.departement
        ):
            match = match._replace(outcome="ambiguous")
        if match.best:
            return Found(replace(party, structure=match.best.id, match=match.best.score))
        return self._new(bare, communes, kind, match, party)

    def _party(self, stated: Stated, name: str) -> Party:
        role, level = stated.role, stated.level
        return Party(
            structure="",
            stated_name=clean_text(name).text or None,
            role=choose("partner_role", role, self.words.get("partner_role")) if role else "partie",
            level=choose("partner_level", level, self.words.get("partner_level"))
            if level
            else None,
        )

    def _number(self, stated: Stated) -> tuple[str | None, str]:
        """Return the FINESS number stated, and the name without it."""
        found = _FINESS.search(stated.name)
        written = stated.finess or (found[1] if found else "")
        name = stated.name
        if found:
            name = re.sub(
                r"\(\s*\)|\bfiness\b\s*:?", " ", _FINESS.sub(" ", name), flags=re.IGNORECASE
            )
            name = re.sub(r"\s{2,}", " ", name).strip(" -–:,()")
        return (self._checked(written) if written else None), name

    def _checked(self, written: str) -> str:
        number = re.sub(r"[\s.-]", "", written).upper()
        if re.fullmatch(r"[\d.,]+E\+?\d+", written.upper()):
            raise CellError("finess_damaged", field="partner_finess", value=written)
        if len(number) == EIGHT_DIGITS and number.isdigit():
            return self._padded(number)
        if not is_finess(number) or not has_finess_key(number):
            raise CellError("finess_invalid", field="partner_finess", value=written)
        return number

    def _padded(self, number: str) -> str:
        """Put back the zero that a spreadsheet took, where the result is a known structure."""
        padded = number.zfill(EIGHT_DIGITS + 1)
        if padded not in self.names:
            raise CellError(
                "finess_eight_digits", field="partner_finess", value=number, padded=padded
            )
        self.warn("finess_padded", number, padded=padded)
        return padded

    def _place_in(self, name: str) -> _Place:
        """Take apart a name and the commune or département in its brackets."""
        found = _BRACKETS.search(name)
        if not found:
            return _Place(name)
        bare = name[: found.start()].strip()
        if _DEPARTEMENT.fullmatch(found[1].strip()):
            return _Place(bare, (), found[1].strip().upper())
        try:
            return _Place(bare, self.places.communes(found[1]))
        except CellError:
            return _Place(name)

    def _by_number(
        self,
        number: str,
        name: str,
        communes: Sequence[str],
        kind: str | None,
        party: Party,
    ) -> Found:
        party = replace(party, structure=number)
        if number in self.names:
            if name and self.names.score(name, number) < MATCH_RECHECK:
                known = self.names.values(number)
                shown = known.name if known and known.name else number
                self.warn("finess_name_differs", name, finess=number, name=shown)
            return Found(party)
        self.warn("finess_not_loaded", number)
        return Found(party, self._claim(number, name or None, communes, kind))

    def _new(
        self,
        name: str,
        communes: Sequence[str],
        kind: str | None,
        match: Match,
        party: Party,
    ) -> Found:
        """Take a partner that no source knows, if the register says what it is."""
        nearest = self.shown(match.candidates)
        if match.outcome == "ambiguous":
            raise CellError("partner_ambiguous", value=party.stated_name, candidates=nearest)
        if kind is None:
            code = "partner_unknown_near" if match.candidates else "partner_unknown"
            raise CellError(code, value=party.stated_name, candidates=nearest)
        if names_person(name):
            raise CellError("partner_is_person", value=MASK)
        commune = self.places.name(communes[0]) if len(communes) == 1 else None
        structure = structure_id(kind, f"{name} {commune}" if commune else name)
        party = replace(party, structure=structure)
        if structure in self.names:
            return Found(party)
        return Found(party, self._claim(structure, name, communes, kind))

    def _claim(
        self, structure: str, name: str | None, communes: Sequence[str], kind: str | None
    ) -> StructureClaim:
        return StructureClaim(
            id=structure,
            source=self.source,
            locator="",
            name=name,
            kind=kind,
            commune=communes[0] if len(communes) == 1 else None,
        )

    def shown(self, candidates: Sequence[Candidate]) -> str:
        """Return candidates as people can choose among them: id, name, commune, score."""
        return " ; ".join(
            f"{item.id} {item.name} ({self._town(item)}, {item.score:.0f} %)" for item in candidates
        )

    def _town(self, candidate: Candidate) -> str:
        return self.places.name(candidate.commune or "") or "?"


def aligned(columns: dict[str, list[str]], count: int) -> list[dict[str, str]]:
    """Give each of `count` partners its values: one value serves all, as many go in order.

    Raises
    ------
    CellError
        ``not_aligned``: neither one value nor one for each partner.
    """
    rows: list[dict[str, str]] = [{} for _ in range(count)]
    for field, values in columns.items():
        if not values:
            continue
        if len(values) not in {1, count}:
            raise CellError("not_aligned", field=field, value=" ; ".join(values), count=count)
        if len(values) == 1 and field == "partner_finess" and count > 1:
            raise CellError("not_aligned", field=field, value=values[0], count=count)
        for row, value in zip(rows, values * (count if len(values) == 1 else 1), strict=True):
            row[field.removeprefix("partner_")] = value
    return rows


def has_finess_key(number: str) -> bool:
    """Tell whether the last digit of a FINESS number is its key (Luhn); true with letters."""
    if not number.isdigit():
        return True
    digits = [int(char) for char in reversed(number)]
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _split_outside(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Split `text`, leaving what stands in brackets whole."""
    parts, start = [], 0
    for found in pattern.finditer(text):
        before = text[: found.start()]
        if before.count("(") <= before.count(")"):
            parts.append(text[start : found.start()])
            start = found.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if fold(part)]
