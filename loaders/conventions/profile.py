"""A mapping profile: what the headings and words of one register stand for, said once and kept.

A profile is a small JSON file (TOML is read too) in the user's settings folder, or wherever a path
says. It never holds a row of the register.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec
from platformdirs import user_config_path

from graph.errors import InputError, OutputError, UsageError, cause_of
from graph.identifiers import fold, slug
from loaders.conventions.choices import CHOICES, labels
from loaders.conventions.fields import BY_ID
from loaders.french_dates import DateOrder

IGNORED = ""
"""What a heading is mapped to when its column is not to be read."""


class Profile(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """How one register is written.

    `columns` gives the field of a heading (``""``: not read); `values` gives, for a field with a
    closed list, the value that a word stands for; `separators` part several partners in a cell;
    `date_order` is that of dates in numbers; `sheet` names the sheet to read.
    """

    name: str = ""
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    separators: tuple[str, ...] = ()
    date_order: DateOrder = "dmy"
    sheet: str | None = None

    def field(self, heading: str) -> str | None:
        """Return the field of `heading`; None if the profile does not speak of it."""
        return {fold(words): field for words, field in self.columns.items()}.get(fold(heading))

    def words(self) -> dict[str, dict[str, str]]:
        """Return the value of each word by field, words folded."""
        return {
            field: {fold(word): value for word, value in words.items()}
            for field, words in self.values.items()
        }


def profiles_folder() -> Path:
    """Return the folder of the user's profiles; it may not exist yet."""
    return user_config_path("maillage", appauthor=False) / "profiles"


def load_profile(name: str) -> Profile:
    """Return the profile of that name, or the one in the file of that path.

    Raises
    ------
    UsageError
        No such profile; the message lists those there are.
    InputError
        Its file is not a profile, or names an unknown field or value.
    """
    path = Path(name) if Path(name).suffix in {".json", ".toml"} else _path(name)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        known = ", ".join(profile.name for profile in list_profiles()) or "–"
        raise UsageError("register.profile_missing", value=name, allowed=known) from None
    except OSError as error:
        raise InputError("register.unreadable", file=str(path), why=cause_of(error)) from None
    profile = _decode(content, path)
    profile.name = profile.name or path.stem
    return profile


def save_profile(profile: Profile, path: Path | None = None) -> Path:
    """Keep `profile` in the user's folder, or at `path`; return where it was written."""
    _check(profile, path or Path(profile.name))
    target = path or _path(profile.name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(msgspec.json.format(msgspec.json.encode(profile), indent=2))
    except OSError as error:
        raise OutputError("register.unwritable", file=str(target), why=cause_of(error)) from None
    return target


def list_profiles() -> list[Profile]:
    """Return the user's profiles, by name; files that are not profiles are left out."""
    found = []
    for path in sorted(profiles_folder().glob("*.json")):
        try:
            found.append(load_profile(str(path)))
        except InputError:
            continue
    return found


def fitting_profiles(headings: Iterable[str]) -> list[Profile]:
    """Return the user's profiles whose every heading is among `headings`, the longest first."""
    present = {fold(heading) for heading in headings}
    fitting = [
        profile
        for profile in list_profiles()
        if profile.columns and {fold(heading) for heading in profile.columns} <= present
    ]
    return sorted(fitting, key=lambda profile: (-len(profile.columns), profile.name))


def _path(name: str) -> Path:
    return profiles_folder() / f"{slug(name)}.json"


def _decode(content: bytes, path: Path) -> Profile:
    try:
        if path.suffix == ".toml":
            profile = msgspec.convert(tomllib.loads(content.decode()), Profile)
        else:
            profile = msgspec.json.decode(content, type=Profile)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("register.profile_unreadable", file=str(path), why=str(error)) from None
    _check(profile, path)
    return profile


def _check(profile: Profile, path: Path) -> None:
    for heading, field in profile.columns.items():
        if field != IGNORED and field not in BY_ID:
            raise InputError(
                "register.profile_field",
                file=str(path),
                heading=heading,
                value=field,
                allowed=", ".join(BY_ID),
            )
    for field, words in profile.values.items():
        allowed = CHOICES[field].values if field in CHOICES else None
        for word, value in words.items():
            if allowed is not None and value not in allowed:
                raise InputError(
                    "register.profile_value",
                    file=str(path),
                    field=field,
                    word=word,
                    value=value,
                    allowed=", ".join(labels(field)),
                )
