"""Columns of accessibility files: what each means, by its words or by its short name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from graph.identifiers import fold

DOCTORS = "generalistes"
UNDERSERVED = 2.5
"""Consultations a year and a person at or under which DREES calls a commune under-served."""

DOCTORS_UNIT = "consultations ou visites par an et par habitant standardisé"
"""Unit of the accessibility to general practitioners; other files state theirs, or do not."""

POPULATION_UNIT = "habitants"

PROFESSIONS = {
    DOCTORS: "médecins généralistes",
    "infirmieres": "infirmières",
    "sages_femmes": "sages-femmes",
    "kinesitherapeutes": "masseurs-kinésithérapeutes",
    "chirurgiens_dentistes": "chirurgiens-dentistes",
}
"""Professions, and how the title of a source says them."""

STANDARDISED = "population_standardisee"

_FORMS = {
    DOCTORS: re.compile(r"medecins? generalistes?"),
    "infirmieres": re.compile(r"infirmi"),
    "sages_femmes": re.compile(r"sages? femmes?"),
    "kinesitherapeutes": re.compile(r"kinesitherapeutes?"),
    "chirurgiens_dentistes": re.compile(r"dentistes?"),
}
_AGE = re.compile(r"\b(\d\d) ans")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CODE = re.compile(r"^(?:code (?:de la )?commune|codgeo|code insee|depcom|code geo)")

_SHORT = {
    "apl_gen": ("apl_generalistes", None),
    "apl_gen_2015": ("apl_generalistes", "2015"),
    "apl_65": ("apl_generalistes_65", None),
    "apl_62": ("apl_generalistes_62", None),
    "apl_inf": ("apl_infirmieres", None),
    "apl_sf": ("apl_sages_femmes", None),
    "apl_mk": ("apl_kinesitherapeutes", None),
    "apl_dent": ("apl_chirurgiens_dentistes", None),
    "pop_be_s": (STANDARDISED, None),
    "pop_apl": ("population_totale", None),
}
"""Short names of a public copy of the DREES files: topic, and year where it is not the file's."""


class Column(NamedTuple):
    """A column of figures: its topic, and its year where it is not that of its table."""

    topic: str
    year: str | None = None


class Layout(NamedTuple):
    """Where the code and the figures of a table stand."""

    code: int
    columns: dict[int, Column]


def layout_of(header: Sequence[str]) -> Layout | None:
    """Return the layout of a table whose header is `header`; None where it is no such header."""
    words = [fold(cell) for cell in header]
    short = {k: Column(*_SHORT[name]) for k, cell in enumerate(header) if (name := _key(cell))}
    if "id" in words and any(is_measure(column.topic) for column in short.values()):
        return Layout(words.index("id"), short)
    code = next((k for k, cell in enumerate(words) if _CODE.match(cell)), None)
    titled = {k: column for k, cell in enumerate(words) if (column := _titled(cell))}
    columns = {**short, **titled}
    if code is None or not any(is_measure(column.topic) for column in columns.values()):
        return None
    return Layout(code, _with_profession(columns))


def is_measure(topic: str) -> bool:
    """Tell whether `topic` is an accessibility, not a population."""
    return topic.startswith("apl_")


def profession_of(topic: str) -> str:
    """Return the profession of an accessibility: ``generalistes`` of ``apl_generalistes_65``."""
    return re.sub(r"_\d+$", "", topic.removeprefix("apl_"))


def unit_of(topic: str, stated: str | None) -> str | None:
    """Return the unit of a figure: as its file states it, else as is known for sure."""
    if topic.startswith("population"):
        return POPULATION_UNIT
    return stated or (DOCTORS_UNIT if profession_of(topic) == DOCTORS else None)


def year_in(text: str) -> str | None:
    """Return the one year that `text` names."""
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else None


def _key(cell: str) -> str:
    name = fold(cell).replace(" ", "_")
    return name if name in _SHORT else ""


def _titled(words: str) -> Column | None:
    if words.startswith("population"):
        # weights go with the figures of their table, whatever census they rest on
        if "standardis" in words:
            return Column(STANDARDISED)
        return Column("population_totale", year_in(words)) if "total" in words else None
    if not words.startswith(("apl", "accessibilite potentielle")):
        return None
    profession = next((name for name, form in _FORMS.items() if form.search(words)), None)
    if profession is None:
        return None
    age = _AGE.search(words)
    return Column(f"apl_{profession}{f'_{age[1]}' if age else ''}", year_in(words))


def _with_profession(columns: dict[int, Column]) -> dict[int, Column]:
    """Return columns where the weights of a profession other than doctors bear its name."""
    measured = (column.topic for column in columns.values() if is_measure(column.topic))
    professions = {profession_of(topic) for topic in measured}
    if len(professions) > 1 or DOCTORS in professions:
        return columns
    own = Column(f"{STANDARDISED}_{professions.pop()}")
    return {k: own if column.topic == STANDARDISED else column for k, column in columns.items()}
