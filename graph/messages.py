"""Message catalogues: every sentence that people see, in French and in English.

``graph/catalogue/<language>/<area>.toml`` holds flat tables of ``key = "text"``. Values go in
by ``str.format`` names. A countable message has two keys, ``key.one`` and ``key.other``, chosen
by the plural rule of the language (CLDR, through Babel).
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "fr"


def text(key: str, language: str = DEFAULT_LANGUAGE, /, **params: object) -> str:
    """Return the message `key` in `language`, with `params` put in.

    Parameters
    ----------
    key : str
        Dotted key, ``area.name``.
    language : {'fr', 'en'}
        Language of the reader.
    **params : object
        Values named in the text. ``n`` chooses the plural form where there is one.

    Raises
    ------
    KeyError
        No such message: a fault of the program, found by the catalogue test.
    """
    messages = catalogue(language)
    count = params.get("n")
    if key not in messages and isinstance(count, int | float):
        form = Locale(language).plural_form(count)
        key = f"{key}.{form if f'{key}.{form}' in messages else 'other'}"
    template = messages[key]
    if ":g}" in template and language == "fr":
        return _FRENCH.vformat(template, (), params)
    return template.format(**params) if params else template


class _French(Formatter):
    """Writes numbers of a sentence with a decimal comma."""

    def format_field(self, value: object, spec: str) -> str:
        """Return `value` in words."""
        said: str = super().format_field(value, spec)
        return said.replace(".", ",") if spec == "g" else said


_FRENCH = _French()


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all messages of `language`, by dotted key."""
    return merged(files("graph").joinpath("catalogue", language))


def merged(folder: Traversable) -> Mapping[str, str]:
    """Return the messages of all files of `folder`, by dotted key.

    Raises
    ------
    ValueError
        A key is defined twice: whoever changes one of the two would see the other.
    """
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            for key, said in _flatten(tomllib.loads(entry.read_text(encoding="utf-8"))):
                if key in found:
                    raise ValueError(f"{entry.name} defines {key}, which is defined already")
                found[key] = said
    return found


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
