"""Words in a name that say what kind of structure it is, with the kinds they may stand for.

An abbreviation is read only with the category in hand (DOMAIN.md): ``CHU`` is a teaching hospital
beside category 101 and an emergency shelter beside 219. So a name is never rewritten; its type
words are set apart, and each candidate says whether its own kind or category agrees with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graph.identifiers import fold

HOSPITALS = frozenset({"HOPITAL", "CLINIQUE"})
HOSPITAL_CATEGORIES = "355 101 106 292 131 114 365 128 129 122 109 161"
CENTRES = frozenset({"CMS", "CDS"})
SPEAKS_FOR_ANY = frozenset({"GESTIONNAIRE", "GROUPE", "GROUPEMENT", "FILIERE", "RESEAU"})
"""Kinds that may bear the name of any kind of structure: managers, groups."""


class NameType(NamedTuple):
    """Type words (folded) and what they may stand for."""

    words: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    if_named: frozenset[str] = frozenset()
    """Kinds that agree only where the structure's own name has the type word too."""


def _type(
    words: str, kinds: frozenset[str] | str = "", categories: str = "", if_named: str = ""
) -> NameType:
    named = frozenset(kinds.split()) if isinstance(kinds, str) else kinds
    return NameType(
        tuple(words.split("|")),
        named,
        frozenset(categories.split()),
        frozenset(if_named.split()),
    )


NAME_TYPES = (
    _type(
        "hopital|hopitaux|hop|hopital prive|hp|hopital universitaire|hopitaux universitaires|hu",
        HOSPITALS,
        HOSPITAL_CATEGORIES,
    ),
    _type(
        "ch|centre hospitalier|chi|centre hospitalier intercommunal|hopital intercommunal",
        "HOPITAL",
    ),
    _type(
        "chu|centre hospitalier universitaire|chr|chru|centre hospitalier regional",
        "HOPITAL",
        "101",
    ),
    _type("chu|centre hebergement urgence|centre d hebergement d urgence", "", "219"),
    _type("chs|centre hospitalier specialise|eps|etablissement public sante", "HOPITAL", "292"),
    _type(
        "gh|groupe hospitalier|ghu|groupe hospitalier universitaire", HOSPITALS, HOSPITAL_CATEGORIES
    ),
    _type(
        "clinique|polyclinique|centre clinical|nouvelle clinique", HOSPITALS, HOSPITAL_CATEGORIES
    ),
    _type("centre hospitalier prive|centre medico chirurgical|cmc", HOSPITALS, HOSPITAL_CATEGORIES),
    _type("ght|groupement hospitalier territoire", "GHT"),
    _type("ehpad|ephad", "EHPAD", "500", if_named="HOPITAL EHPA RESIDENCE"),
    _type("maison retraite|mdr", "EHPAD EHPA", if_named="HOPITAL RESIDENCE"),
    _type("usld|soins longue duree", "", "362", if_named="HOPITAL EHPAD"),
    _type("residence autonomie|foyer logement|logement foyer|rpa", "RESIDENCE EHPA"),
    _type("residence services|residence seniors", "RESIDENCE EHPA"),
    _type("had|hospitalisation domicile", "HAD", "127", if_named="HOPITAL GROUPEMENT"),
    _type("ssiad|service soins infirmiers domicile", "SSIAD", "354", if_named="SAD"),
    _type(
        "spasad|saad|sad|service aide domicile|service autonomie domicile",
        "SAD",
        "460 209",
        if_named="SSIAD",
    ),
    _type("accueil jour", "ACCUEIL_JOUR EHPAD", "207"),
    _type("cms|centre municipal sante", CENTRES, "124"),
    _type("cms|centre medico social", "", "405"),
    _type("cds|centre sante|centre sante polyvalent", CENTRES, "124"),
    _type("centre dentaire|centre sante dentaire", CENTRES, "124"),
    _type("msp|maison sante|maison sante pluriprofessionnelle", "MSP", "603"),
    _type("cpts|communaute professionnelle territoriale sante", "CPTS", "604"),
    _type("dac|dispositif appui coordination", "DAC", "606"),
    _type("clic", "CLIC", "463"),
    _type("sami|service accueil medical initial|mmg|maison medicale garde", "MMG_SAMI", "617"),
    _type("sas|service acces soins", "SAS"),
    _type(
        "gcs|gcsms|groupement cooperation sanitaire|groupement cooperation",
        "GROUPEMENT",
        "695 696 697",
    ),
    _type("emsp|equipe mobile sante precarite", "", "608"),
    _type("emsp|equipe mobile soins palliatifs", HOSPITALS | {"RESEAU"}),
    _type("cpam|caisse primaire assurance maladie|ars|agence regionale sante", "INSTITUTION"),
    _type("urps|union regionale professionnels sante", "URPS"),
    _type("association|asso", "ASSOCIATION RESEAU AUTRE"),
    _type("cmp|centre medico psychologique", "", "156"),
    _type("cattp", "", "425"),
    _type("ime|institut medico educatif", "", "183"),
    _type("mas|maison accueil specialisee", "", "255"),
    _type("fam|foyer accueil medicalise|eam", "", "437 448"),
    _type("esat", "", "246"),
    _type("csapa", "", "197"),
    _type("chrs", "", "214"),
    _type("camsp", "", "190"),
    _type("cmpp", "", "189"),
    _type("samsah", "", "445"),
    _type("savs", "", "446"),
    _type("sessad", "", "182"),
    _type("pharmacie", "", "620"),
    _type("laboratoire|lbm", "", "611"),
    _type("dialyse|centre dialyse|autodialyse|unite autodialyse", "DIALYSE", "141 146"),
)

STOP_WORDS = frozenset(
    ("de", "des", "du", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux", "the", "of")
)
SPELLINGS = {"st": "saint", "ste": "sainte", "dr": "docteur", "pr": "professeur", "gpe": "groupe"}

_LONGEST = max(len(words.split()) for item in NAME_TYPES for words in item.words)
_BY_WORDS: dict[str, tuple[NameType, ...]] = {}
for _item in NAME_TYPES:
    for _words in _item.words:
        _BY_WORDS[_words] = (*_BY_WORDS.get(_words, ()), _item)


class ParsedName(NamedTuple):
    """A name taken apart: its own words, and for each type word what it may stand for."""

    words: tuple[str, ...]
    types: tuple[tuple[NameType, ...], ...]


def parse_name(name: str) -> ParsedName:
    """Take `name` apart: ``CMS Henri-Dret`` has the words henri, dret and the type of CMS."""
    tokens = name_tokens(name)
    words: list[str] = []
    types: list[tuple[NameType, ...]] = []
    at = 0
    while at < len(tokens):
        length = _type_length(tokens, at)
        if length:
            types.append(_BY_WORDS[" ".join(tokens[at : at + length])])
        else:
            words.append(tokens[at])
        at += length or 1
    return ParsedName(tuple(words), tuple(types))


def name_tokens(name: str) -> list[str]:
    """Return the words of `name`, folded, usual short forms spelt out, articles left out."""
    return [SPELLINGS.get(word, word) for word in fold(name).split() if word not in STOP_WORDS]


def _type_length(tokens: Sequence[str], at: int) -> int:
    for length in range(min(_LONGEST, len(tokens) - at), 0, -1):
        if " ".join(tokens[at : at + length]) in _BY_WORDS:
            return length
    return 0


def agrees(
    types: Sequence[NameType], kind: str | None, category: str | None, *, named: bool
) -> bool | None:
    """Tell whether a structure may be what a type word says; None when it says nothing of itself.

    `named` tells that the structure's own name has the type word.
    """
    if kind in SPEAKS_FOR_ANY:
        return named or None
    if kind is None and not _says(types, category):
        return None
    return any(
        kind in item.kinds or category in item.categories or (named and kind in item.if_named)
        for item in types
    )


def _says(types: Sequence[NameType], category: str | None) -> bool:
    """Tell whether a category alone decides: every type word lists the categories it stands for."""
    return category is not None and all(item.categories for item in types)
