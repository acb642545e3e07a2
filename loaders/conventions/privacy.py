"""Personal data stays out: persons' names, mailboxes and numbers are not loaded.

A register of organisations needs functions and generic mailboxes. What looks like a person's is
left out or masked, and the row is reported; what is masked is never repeated in the report.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from graph.identifiers import fold, is_finess

MASK = "[…]"

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    accueil adjoint adjointe administrateur administratif administrative affaires archives
    ars assistant assistante assistants attache attachee bed biologie bureau cabinet cadre
    cadres cellule centre charge chargee chef cheffe clic clinique cme cms comite
    communication comptabilite conseil conseiller contact convention conventions cooperation
    cooperations coordinateur coordination coordinatrice coordonnateur coordonnatrice cpam
    cpts dac daf dai dam delegue deleguee departement department dga dgs dim directeur
    directeurs direction directions directrice directrices domicile dpccss dpo dppcss drh
    dsi dssi ehpad equipe femme filiere finances formation general generale gerant geriatrie
    gestion gestionnaire had hopital imagerie infirmier infirmiere info informatique infos
    juridique legal logistique mail maison manager medecin medecine medecins medical
    medicale medicosocial mission partenariat partenariats pharmacie pharmacien pharmacienne
    pole praticien presidence president presidente projet projets psychologue qualite
    recherche referent referente referents relation relations responsable ressources rh sage
    sante sec secretaire secretariat secretariats service services siege social soignant
    soignante soins ssiad stages standard superieur superieure support territoire
    territorial territoriale tutelle tutelles urgences usagers ville
    """,
    )
)
"""Words that make a mailbox generic, or a referent a function."""

_CIVILITY = r"(?:M\.|Mr\.?|Mme\.?|Mmes|Mlle|Monsieur|Madame|Docteur|Dr\.?|Drs|Professeur|Pr\.?|Me)"
_CAPITALISED = r"(?:[A-ZÀ-ÖØ-Þ]\.\s?|[A-ZÀ-ÖØ-Þ][\w’'-]+)"
_PERSON = re.compile(rf"\b{_CIVILITY}\s+(?:{_CAPITALISED}\s?){{1,3}}")
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\d/-])(?:\+33\s?(?:\(0\)\s?)?|0033\s?|0)[1-9](?:[\s.-]?\d{2}){4}(?!\d)")
_NIR = re.compile(
    r"(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)"
)
_IPP = re.compile(r"\b(?:IPP|NIP|INS|IEP|NDA)\b[\s:n°Nº.]*\d[\d\s]{3,}\d", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<![\d.,/-])\d{7,12}(?![\d.,/-]|\s?(?:€|euros?|EUR|k€))")


class Cleaned(NamedTuple):
    """A text without personal data, and the kinds of things that were taken out."""

    text: str
    found: tuple[str, ...] = ()


def clean_remark(text: str) -> Cleaned:
    """Mask the persons, mailboxes, phone and patient numbers of a free text."""
    return _mask(text, (*_NUMBERS, ("person", _PERSON)))


def clean_title(text: str) -> Cleaned:
    """Mask numbers only: a title may bear the name of an institution ("Clinique du Dr Boyer")."""
    return _mask(text, _NUMBERS)


_NUMBERS = (
    ("mailbox", _MAILBOX),
    ("nir", _NIR),
    ("ipp", _IPP),
    ("phone", _PHONE),
    ("ipp", _LONG_NUMBER),
)


def _mask(text: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> Cleaned:
    found: dict[str, None] = {}
    for name, pattern in patterns:

        def hide(
            match: re.Match[str], name: str = name, *, loose: bool = pattern is _LONG_NUMBER
        ) -> str:
            if (name == "mailbox" and is_generic(match[0])) or (loose and _is_public(match[0])):
                return match[0]
            found[name] = None
            return MASK

        text = pattern.sub(hide, text)
    return Cleaned(re.sub(r"\s{2,}", " ", text).strip(), tuple(found))


def _is_public(number: str) -> bool:
    """Tell whether a long number is one that may be shown: FINESS, or a date written in one."""
    return (
        is_finess(number)
        or re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d", number) is not None
    )


def is_generic(mailbox: str) -> bool:
    """Tell whether a mailbox is a function's, not a person's.

    One word of a function makes it generic, or the name of the domain; otherwise it is taken for
    a person's.
    """
    local, _, domain = mailbox.partition("@")
    words = re.sub(r"\d+", " ", fold(local)).split()
    return any(word in FUNCTION_WORDS for word in words) or (
        len(words) == 1 and words[0] in fold(domain).split()
    )


def clean_function(text: str) -> Cleaned:
    """Keep what a referent's cell says of a function, leave out the person.

    ``Mme X, cadre de santé`` leaves ``cadre de santé``; a bare name leaves nothing.
    """
    kept: list[str] = []
    found: list[str] = []
    for part in re.split(r"[,;/()\n–]| - ", text):
        cleaned = clean_remark(part)
        words = fold(cleaned.text.replace(MASK, "")).split()
        if cleaned.found:
            found.extend(cleaned.found)
        if not words:
            continue
        if FUNCTION_WORDS.intersection(words):
            kept.append(cleaned.text.replace(MASK, "").strip(" :"))
        else:
            found.append("person")
    return Cleaned(", ".join(kept), tuple(dict.fromkeys(found)))
