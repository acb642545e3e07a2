"""What activity codes mean, where the official nomenclature leaves no doubt.

The feed has codes only. Labels are those of the nomenclatures of the Agence du Numérique en Santé:
TRE_R274 (activities of care), R275 (modalities), R276 (forms), R381 to R383 (activities of care
since the reform of 2023), R401 (social and medico-social activities), R404 (ways of working), R329
and R330 (units and states of capacities). A code that is not here keeps its number, without words.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

CARE = ("AMF", "AASA", "ASR")
SOCIAL = ("AMSR", "ASMR")
"""Medico-social activities; the feed writes the second, its schema the first."""

INSTALLED, AUTHORISED = "08", "09"
"""statutCapacite (R330): "installé constaté", "autorisé"."""

UNITS = {"01": "lits", "02": "places", "03": "logements"}
"""uniteMesureCapacite (R329)."""


class Meaning(NamedTuple):
    """What a code means: words for activities, key of the capacity it counts, its zone's rank.

    `detail` is the modality, form, way of working or mention that the code must have; None for
    any. A structure reaches the zones of rank 1; those of rank 2 only where it has none of rank 1.
    """

    natures: tuple[str, ...]
    activity: str
    label: str
    words: tuple[str, ...] = ()
    detail: str | None = None
    capacity: str | None = None
    zone: int = 2


MEANINGS = (
    # activities of care under the rules before 2023 (R274, R275, R276)
    Meaning(CARE, "01", "Médecine, hospitalisation à domicile", ("had",), "05", zone=1),
    Meaning(CARE, "01", "Médecine", ("mco",)),
    Meaning(CARE, "02", "Chirurgie", ("mco",)),
    Meaning(CARE, "03", "Gynécologie, obstétrique, néonatologie", ("mco",)),
    Meaning(CARE, "04", "Psychiatrie", ("psychiatrie",)),
    Meaning(CARE, "07", "Soins de longue durée", ("usld",)),
    Meaning(CARE, "14", "SAMU", ("samu",), "22"),
    Meaning(CARE, "14", "Structure des urgences", ("urgences",), "23"),
    Meaning(
        CARE,
        "14",
        "Structure des urgences pédiatriques",
        ("urgences", "urgences_pediatriques"),
        "24",
    ),
    Meaning(CARE, "14", "SMUR", ("smur",), "26"),
    Meaning(CARE, "14", "SMUR pédiatrique", ("smur",), "27"),
    Meaning(CARE, "16", "Épuration extrarénale", ("dialyse",)),
    *(
        Meaning(CARE, f"5{number}", "Soins de suite et de réadaptation", ("smr",))
        for number in range(10)
    ),
    Meaning(("ASR",), "R4", "Soins palliatifs", ("soins_palliatifs",)),
    # activities of care since the reform of 2023 (R381, R382, R383)
    Meaning(("AMM",), "QA001", "Médecine", ("mco",)),
    Meaning(("AMM",), "QA002", "Chirurgie", ("mco",)),
    Meaning(("AMM",), "QA003", "Gynécologie-obstétrique, néonatologie", ("mco",)),
    Meaning(("AMM",), "QA004", "Psychiatrie", ("psychiatrie",)),
    Meaning(("AMM",), "QA007", "Soins de longue durée", ("usld",)),
    Meaning(("AMM",), "QA014", "SAMU", ("samu",), "MO030"),
    Meaning(("AMM",), "QA014", "SMUR", ("smur",), "MO031"),
    Meaning(("AMM",), "QA014", "Structure des urgences", ("urgences",), "MO032"),
    Meaning(("AMM",), "QA016", "Épuration extrarénale", ("dialyse",)),
    Meaning(("AMM",), "QA020", "Hospitalisation à domicile, socle", ("had",), "ME001", zone=1),
    Meaning(("AMM",), "QA020", "Hospitalisation à domicile, réadaptation", ("had",), "ME002"),
    Meaning(
        ("AMM",), "QA020", "Hospitalisation à domicile, ante et post partum", ("had",), "ME003"
    ),
    Meaning(("AMM",), "QA020", "Hospitalisation à domicile", ("had",)),
    Meaning(("AMM",), "QA050", "Soins médicaux et de réadaptation", ("smr",)),
    # medico-social activities for the elderly and care at home (R401, R404)
    Meaning(
        SOCIAL,
        "357",
        "Activité soins d’accompagnement et de réhabilitation",
        ("esa",),
        capacity="places_esa",
    ),
    Meaning(
        SOCIAL, "358", "Soins infirmiers à domicile", ("ssiad",), capacity="places_ssiad", zone=1
    ),
    Meaning(SOCIAL, "412", "Centre de ressources territorial", ("crt",)),
    Meaning(SOCIAL, "469", "Aide à domicile", ("aide_domicile",), zone=1),
    Meaning(
        SOCIAL,
        "657",
        "Accueil temporaire pour personnes âgées, hébergement",
        ("hebergement_temporaire",),
        "11",
        capacity="places_hebergement_temporaire",
    ),
    Meaning(
        SOCIAL,
        "657",
        "Accueil temporaire pour personnes âgées, accueil de jour",
        ("accueil_jour",),
        "21",
        capacity="places_accueil_jour",
    ),
    Meaning(
        SOCIAL,
        "924",
        "Accueil pour personnes âgées, hébergement",
        (),
        "11",
        capacity="places_hebergement_permanent",
    ),
    Meaning(
        SOCIAL,
        "924",
        "Accueil pour personnes âgées, accueil de jour",
        ("accueil_jour",),
        "21",
        capacity="places_accueil_jour",
    ),
    *(
        Meaning(
            SOCIAL,
            f"92{number}",
            "Hébergement en résidence autonomie",
            capacity="places_residence_autonomie",
        )
        for number in (5, 6, 7)
    ),
    Meaning(SOCIAL, "961", "Pôle d’activité et de soins adaptés", ("pasa",)),
    Meaning(
        SOCIAL,
        "962",
        "Unité d’hébergement renforcée",
        ("uhr",),
        "11",
        capacity="places_uhr",
    ),
    Meaning(SOCIAL, "963", "Plateforme d’accompagnement et de répit des aidants", ("pfr",)),
)
"""The first that fits is taken. The places of a PASA (961) are not added: residents come there by
day, whose beds are counted already."""


class Code(NamedTuple):
    """An activity code: its nature and its attributes, in the order of the feed's own rule."""

    nature: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The code on one line, as the publisher of the feed composes it."""
        return "_".join((self.nature, *self.parts))


ORDER = {
    "AMM": ("activiteAMM", "modaliteAMM", "mentionAMM", "ptsAMM", "declarationAMM"),
    "AMF": ("activiteAMF", "modaliteActivite", "formeActivite"),
    "AASA": ("activiteSanitaireRegulee", "modaliteActivite", "formeActivite"),
    "ASR": ("activiteSanitaireRegulee", "modaliteActivite", "formeActivite"),
    "AMSR": ("activiteSocialeRegulee", "modeFonctionnement", "public"),
    "ASOCR": ("activiteSocialeRegulee", "modeFonctionnement", "public"),
    "ASDR": ("activiteSanitaireDiverseRegulee", "modeFonctionnement", "public"),
    "AER": ("activiteEnseignementRegulee", "modeFonctionnement", "public"),
    "EML": ("typeEmlId",),
}
"""Attributes of a code, by the name of the block that holds them (``typeActivite…``)."""

_BLOCK = "typeActivite"


def code_of(nature: Mapping[str, Any]) -> Code | None:
    """Return the code that a record's ``nature`` holds, None if it holds none."""
    name = str(nature.get("codeNature") or "")
    blocks = nature.get("caracteristiquesSpecifiques") or {}
    for key, block in blocks.items():
        order = ORDER.get(key.removeprefix(_BLOCK)) if key.startswith(_BLOCK) else None
        if order and isinstance(block, dict) and block.get(order[0]):
            return Code(name, tuple(str(block.get(attribute) or "") for attribute in order))
    return None


@lru_cache(maxsize=4096)
def meaning_of(code: Code) -> Meaning | None:
    """Return what `code` means, None where nothing is certain."""
    for meaning in MEANINGS:
        if (
            code.nature in meaning.natures
            and code.parts[0] == meaning.activity
            and (meaning.detail is None or meaning.detail in code.parts[1:])
        ):
            return meaning
    return None
