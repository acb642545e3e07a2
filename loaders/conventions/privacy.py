"""Personal data stays out: persons' names, mailboxes and numbers are not loaded.

A register of organisations needs functions and generic mailboxes. What looks like a person's is
left out or masked, and the row is reported; what is masked is never repeated in the report.
"""

from __future__ import annotations

import re
from functools import partial
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
_INSTITUTION = re.compile(
    r"\b(?:clinique|polyclinique|hopital|centre|institut|residence|ehpad|maison|fondation|laboratoire"
    r"|pharmacie|cabinet|cms|groupe)(?: \w+){0,2} (?:du|de|des|d)$|\b(?:clinique|hopital|centre)$"
)
"""What makes a person's name an institution's, just before it."""
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


def clean_text(text: str) -> Cleaned:
    """Mask the persons, mailboxes, phone and patient numbers of a text.

    A person's name that is an institution's ("Clinique du Dr Boyer") stays.
    """
    found: dict[str, None] = {}
    for name, pattern in _PATTERNS:
        text = pattern.sub(partial(_hidden, name, found), text)
    return Cleaned(re.sub(r"\s{2,}", " ", text).strip(), tuple(found))


def names_person(text: str) -> bool:
    """Tell whether a text begins as a person is addressed: ``Dr Martin``, ``Mme Dupont``."""
    return _PERSON.match(text) is not None


def _hidden(name: str, found: dict[str, None], match: re.Match[str]) -> str:
    written = match[0]
    if name == "mailbox" and is_generic(written):
        return written
    if name == "number" and _is_public(written):
        return written
    if name == "person" and _INSTITUTION.search(fold(match.string[: match.start()])):
        return written
    found["ipp" if name == "number" else name] = None
    return f"{MASK} " if written.endswith(" ") else MASK


_PATTERNS = (
    ("mailbox", _MAILBOX),
    ("nir", _NIR),
    ("ipp", _IPP),
    ("phone", _PHONE),
    ("number", _LONG_NUMBER),
    ("person", _PERSON),
)


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
        cleaned = clean_text(part)
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
