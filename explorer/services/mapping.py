"""Headings of a register that are not recognised: what each may stand for, once and for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from explorer.services.choices import Choice
from explorer.viewmodel.model import View
from loaders.conventions import Profile, list_profiles, load_profile, preview, save_profile
from loaders.conventions.fields import BY_ID, FIELDS, heading
from loaders.conventions.preview import SheetPreview
from loaders.conventions.profile import IGNORED

EXAMPLE_LENGTH = 60
LIKELY_SCORE = 70.0
"""From here on, what a heading looks like is put forward; the reader still decides."""


class Heading(View, frozen=True, kw_only=True):
    """A column of the file: its heading, the field that it is read as, a value found in it."""

    text: str
    field: str | None
    how: str
    proposed: str | None = None
    example: str | None = None


class Headings(View, frozen=True, kw_only=True):
    """What was made of the headings of one sheet.

    `missing` names the columns without which nothing can be kept; `fitting` the mappings kept
    that know these headings.
    """

    sheet: str
    sheets: tuple[str, ...]
    columns: tuple[Heading, ...]
    missing: tuple[str, ...] = ()
    fitting: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the columns that are needed were found."""
        return bool(self.columns) and not self.missing

    @property
    def unknown(self) -> tuple[Heading, ...]:
        """Columns that nobody has explained yet."""
        return tuple(item for item in self.columns if item.how == "unknown")


def headings_of(
    path: Path, language: str, sheet: str | None = None, profile: str | None = None
) -> Headings:
    """Return what is made of the headings of the register at `path`.

    Raises
    ------
    InputError
        The file cannot be read as a table.
    UsageError
        No profile, or no sheet, of that name.
    """
    known = load_profile(profile) if profile else None
    found = preview(path, known)
    chosen = found.sheet(sheet or (known.sheet if known else None))
    proposed = _proposals(chosen)
    return Headings(
        sheet=chosen.name,
        sheets=tuple(item.name for item in found.sheets if item.name),
        columns=tuple(
            _heading(chosen, place, proposed.get(place)) for place in range(len(chosen.columns))
        ),
        missing=tuple(heading(field, language) for field in chosen.missing),
        fitting=found.profiles,
    )


def _proposals(sheet: SheetPreview) -> dict[int, str]:
    """Return what to put forward for unknown columns: what each looks most like, no field twice."""
    taken = {column.field for column in sheet.columns if column.field}
    ranked = sorted(
        (-column.proposals[0].score, place, column.proposals[0].field)
        for place, column in enumerate(sheet.columns)
        if column.field is None and column.proposals
    )
    found: dict[int, str] = {}
    for score, place, field in ranked:
        if -score >= LIKELY_SCORE and (BY_ID[field].several or field not in taken):
            found[place] = field
            taken.add(field)
    return found


def _heading(sheet: SheetPreview, place: int, proposed: str | None) -> Heading:
    column = sheet.columns[place]
    example = next((row[place].strip() for row in sheet.rows if row[place].strip()), None)
    return Heading(
        text=column.heading,
        field=column.field,
        how=column.how,
        proposed=proposed,
        example=example[:EXAMPLE_LENGTH] if example else None,
    )


def read_twice(
    found: Headings, chosen: Mapping[str, str | None], language: str
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each field that `chosen` would read from several columns, with their headings."""
    said = {item.text: chosen.get(item.text, item.field) for item in found.columns}
    columns: dict[str, list[str]] = defaultdict(list)
    for words, field in said.items():
        if field and not BY_ID[field].several:
            columns[field].append(words)
    return tuple(
        (heading(field, language), tuple(words))
        for field, words in columns.items()
        if len(words) > 1
    )


def field_choices(language: str) -> tuple[Choice, ...]:
    """Return the fields that a heading can stand for, in the order of the template."""
    return tuple(Choice(value=item.id, label=heading(item.id, language)) for item in FIELDS)


def profile_names() -> tuple[str, ...]:
    """Return the names of the mappings kept so far."""
    return tuple(item.name for item in list_profiles())


def keep_profile(name: str, columns: Mapping[str, str | None], base: str | None = None) -> str:
    """Keep what headings stand for under `name`; None means that the column is left out.

    Raises
    ------
    OutputError
        The folder of settings cannot be written.
    """
    profile = load_profile(base) if base else Profile()
    said = {words: field or IGNORED for words, field in columns.items()}
    profile.name, profile.columns = name, {**profile.columns, **said}
    save_profile(profile)
    return name
