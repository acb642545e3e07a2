"""Which column is which: headings recognised for certain, proposed, or mapped by a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from rapidfuzz import fuzz, process

from graph.errors import InputError
from graph.identifiers import fold
from loaders.conventions.fields import BY_ID, FIELDS, NAMING, REQUIRED, heading, known_headings
from loaders.conventions.profile import IGNORED, Profile, fitting_profiles
from loaders.conventions.raw_sheet import Line, Sheet

How = Literal["certain", "close", "profile", "ignored", "unknown"]

CLOSE_SCORE = 90.0
"""A heading this near to a known one is a slip of the pen ("Partenaries")."""
SHORT = 5
"""In a heading this short one letter can make another word."""
PROPOSED_SCORE = 55.0
SHORTEST = 3
"""A shorter heading looks like too many things to propose any."""
HEADER_DEPTH = 40
"""How many lines may stand above the headings."""

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_NUMBERED = re.compile(r"\s+\d{1,2}$")


class Proposal(NamedTuple):
    """A field that a heading may stand for, with its score (0-100)."""

    field: str
    score: float


class Column(NamedTuple):
    """A column of the file. `field` is None where the heading is not recognised."""

    at: int
    heading: str
    field: str | None
    how: How
    proposals: tuple[Proposal, ...] = ()


class Header(NamedTuple):
    """The line of headings: its place in the sheet's lines, and what was recognised."""

    position: int
    columns: tuple[Column, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields that have a column."""
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def complete(self) -> bool:
        """Tell whether the columns without which nothing can be kept are there."""
        return self.fields.issuperset(REQUIRED) and not self.fields.isdisjoint(NAMING)


def recognise(headings: Sequence[str], profile: Profile | None = None) -> tuple[Column, ...]:
    """Say what each heading stands for.

    Parameters
    ----------
    headings : sequence of str
        The cells of the line of headings.
    profile : Profile, optional
        What the user has said of them; it is believed first.
    """
    return tuple(
        _column(index, words.strip(), profile)
        for index, words in enumerate(headings)
        if words.strip()
    )


def _column(index: int, words: str, profile: Profile | None) -> Column:
    mapped = profile.field(words) if profile else None
    if mapped == IGNORED:
        return Column(index, words, None, "ignored")
    if mapped is not None:
        return Column(index, words, mapped, "profile")
    known = known_headings()
    for key in _keys(words):
        if key in known:
            return Column(index, words, known[key], "certain")
    proposals = propose(words)
    slip = _slip(fold(_BRACKETS.sub(" ", words)))
    if slip is not None:
        return Column(index, words, slip, "close", proposals)
    return Column(index, words, None, "unknown", proposals)


def _keys(words: str) -> list[str]:
    """Return the folded forms of a heading: as it is, without brackets, without its number."""
    bare = fold(_BRACKETS.sub(" ", words))
    forms = [fold(words), bare]
    numbered = _NUMBERED.sub("", bare)
    if numbered != bare and BY_ID.get(known_headings().get(numbered, ""), FIELDS[0]).several:
        forms.append(numbered)
    return [form for form in dict.fromkeys(forms) if form]


def propose(words: str) -> tuple[Proposal, ...]:
    """Return the three fields that a heading looks most like, best first."""
    key = fold(_BRACKETS.sub(" ", words)) or fold(words)
    if len(key) < SHORTEST:
        return ()
    known = known_headings()
    best: dict[str, float] = {}
    for near, score, _ in process.extract(key, list(known), scorer=fuzz.WRatio, limit=15):
        # WRatio is generous with short words inside long ones: the plain ratio tempers it
        tempered = (score + fuzz.ratio(key, near)) / 2
        best[known[near]] = max(best.get(known[near], 0.0), round(tempered, 1))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Proposal(*item) for item in ranked[:3] if item[1] >= PROPOSED_SCORE)


def _slip(key: str) -> str | None:
    """Return the field that a heading misspells, None if it is more than a slip of the pen."""
    known = known_headings()
    near = process.extract(key, list(known), scorer=fuzz.ratio, score_cutoff=CLOSE_SCORE, limit=5)
    fields = {known[words] for words, _, _ in near}
    return fields.pop() if len(fields) == 1 and len(key) > SHORT else None


def find_header(sheet: Sheet, profile: Profile | None = None) -> Header | None:
    """Return the line of headings of `sheet`: titles may stand above it. None if there is none."""
    best: Header | None = None
    for position, line in enumerate(sheet.lines[:HEADER_DEPTH]):
        if sum(bool(cell) for cell in line.cells) < 2:  # noqa: PLR2004 - a title stands alone
            continue
        header = Header(position, recognise(line.cells, profile))
        if header.fields and (best is None or _better(header, best)):
            best = header
    return best or _first_filled(sheet, profile)


def _better(header: Header, other: Header) -> bool:
    return (header.complete, len(header.fields)) > (other.complete, len(other.fields))


def _first_filled(sheet: Sheet, profile: Profile | None) -> Header | None:
    """Return the first line that could be one of headings, though none is known."""
    filled = [
        (position, sum(map(bool, line.cells)))
        for position, line in enumerate(sheet.lines[:HEADER_DEPTH])
    ]
    for least in (2, 1):
        for position, count in filled:
            if count >= least:
                return Header(position, recognise(sheet.lines[position].cells, profile))
    return None


def check_header(header: Header, file: str, sheet: str) -> None:
    """Check that the columns needed are there, once each.

    Raises
    ------
    InputError
        Columns missing (with those that look alike, and profiles that know these headings), or
        two columns read as the same field.
    """
    _check_twice(header, file)
    if header.complete:
        return
    missing = [heading(field) for field in REQUIRED if field not in header.fields]
    wanted = [field for field in REQUIRED if field not in header.fields]
    if header.fields.isdisjoint(NAMING):
        missing.append(heading(NAMING[0]))
        wanted.extend(NAMING)
    unknown = [column for column in header.columns if column.how == "unknown"]
    alike = [
        f"« {column.heading} » ≈ {heading(item.field)}"
        for column in unknown
        for item in column.proposals
        if item.field in wanted
    ]
    profiles = fitting_profiles(column.heading for column in header.columns)
    code = "profile_fits" if profiles else "columns_alike" if alike else "columns"
    raise InputError(
        f"register.{code}",
        file=file,
        sheet=sheet,
        missing=", ".join(missing),
        alike=", ".join(alike),
        profiles=", ".join(profile.name for profile in profiles),
        found=", ".join(column.heading for column in header.columns)[:400],
    )


def _check_twice(header: Header, file: str) -> None:
    for field in FIELDS:
        same = [column.heading for column in header.columns if column.field == field.id]
        if len(same) > 1 and not field.several:
            raise InputError(
                "register.columns_twice",
                file=file,
                columns=" / ".join(same),
                field=heading(field.id),
            )


def data_lines(sheet: Sheet, header: Header) -> list[Line]:
    """Return the filled lines below the headings."""
    indexes = [column.at for column in header.columns]
    return [
        line
        for line in sheet.lines[header.position + 1 :]
        if any(index < len(line.cells) and line.cells[index] for index in indexes)
    ]
