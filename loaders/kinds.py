"""From FINESS codes to the kinds and legal statuses of the field.

Two tables that anyone can read and correct hold the rules: ``data/kinds.csv`` (first row that
fits wins; an empty kind means *non renseigné*) and ``data/legal_statuses.csv`` (the FINESS
nomenclature of legal statuses). A legal status is never guessed from a category.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from graph.identifiers import fold
from graph.vocabulary import KINDS, LEGAL_STATUSES

DATA = Path(__file__).resolve().parent.parent / "data"

NATURAL_PERSON = "70"
"""Legal status of a person in their own name: such an entity names a person."""

_BY_PUBLIC_SERVICE = {
    "1": "public",
    "2": "non_lucratif",  # 2 to 4: participation in the public hospital service, non-profit by law
    "3": "non_lucratif",
    "4": "non_lucratif",
    "5": "non_lucratif",  # association under the law of 1901
    "6": "espic",
    "7": "non_lucratif",
}
"""What codesph (TRE_R73) decides; 0 "non concerné" and 9 "indéterminé" decide nothing."""

_BY_TARIFF = {"03": "public", "04": "non_lucratif"}
"""What codemft decides: "établissements publics de santé", "établissements PSPH"."""


class LegalForm(NamedTuple):
    """A FINESS legal status code: its label, what it says, and who is a municipal body."""

    code: str
    label: str
    legal_status: str | None
    municipal: str


class _Rule(NamedTuple):
    level: str
    categories: frozenset[str]
    forms: frozenset[str]
    statuses: frozenset[str]
    manager: str
    name: re.Pattern[str] | None
    kind: str | None


class Choice:
    """The rules left once all but the name is known; no rule means that nothing is known."""

    def __init__(self, rules: tuple[_Rule, ...]) -> None:
        self._rules = rules
        self.decided = not rules or rules[0].name is None
        self.kind = rules[0].kind if rules and self.decided else None

    def by_name(self, name: str | None) -> str | None:
        """Return the kind that `name` decides."""
        if self.decided:
            return self.kind
        words = fold(name or "")
        return next(r.kind for r in self._rules if r.name is None or r.name.search(words))


def kind_of(
    category: str | None,
    legal_status: str | None,
    name: str | None,
    manager_is_municipal: bool | None,  # noqa: FBT001 - a column of the table
) -> str | None:
    """Return the kind of an establishment, None where the sources do not decide.

    Parameters
    ----------
    category : str or None
        FINESS category (``categetab``).
    legal_status : str or None
        One of :data:`graph.vocabulary.LEGAL_STATUSES`; None if not known.
    name : str or None
        Its name, read only where category and manager leave a doubt.
    manager_is_municipal : bool or None
        Whether a commune, CCAS, EPT or EPCI manages it; None if the manager is not known.
    """
    choice = choices(category, legal_status, manager_is_municipal)
    return choice.kind if choice.decided else choice.by_name(name)


@lru_cache(maxsize=16384)
def choices(
    category: str | None,
    legal_status: str | None,
    manager_is_municipal: bool | None,  # noqa: FBT001 - a column of the table
) -> Choice:
    """Return what is left to decide by name: the same for every row of the same codes."""
    if not category:
        return Choice(())
    return Choice(_shortlist("ET", category, "", legal_status, manager_is_municipal))


def entity_kind(form: str | None, name: str | None) -> str | None:
    """Return the kind of a legal entity from its legal status code and its name."""
    rules = _shortlist("EJ", "", form or "", None, is_municipal(form, name))
    return Choice(rules).by_name(name)


def is_municipal(form: str | None, name: str | None) -> bool | None:
    """Tell whether a manager is a commune, CCAS, EPT or EPCI; None if nothing says it."""
    entry = legal_forms().get(form or "")
    if entry is None or not entry.municipal:
        return False if form else None
    if entry.municipal == "yes":
        return True
    if re.search(entry.municipal, fold(name or "")):
        return True
    return False if form else None


@lru_cache(maxsize=4096)
def legal_status(
    form: str | None, public_service: str | None = None, tariff: str | None = None
) -> str | None:
    """Return the legal status that the codes state, None if they do not.

    Parameters
    ----------
    form : str or None
        Legal status code of the legal entity: it decides, ``public_service`` only refines it.
    public_service, tariff : str or None
        ``codesph`` (or ``espic``) and ``codemft`` of the establishment.
    """
    entry = legal_forms().get(form or "")
    declared = entry.legal_status if entry else None
    if declared == "non_lucratif" and public_service == "6":
        return "espic"
    return (
        declared
        or _BY_PUBLIC_SERVICE.get(public_service or "")
        or _BY_TARIFF.get(tariff or "")
        or None
    )


@cache
def legal_forms() -> dict[str, LegalForm]:
    """Return the legal status codes, read once."""
    with (DATA / "legal_statuses.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["code"]: LegalForm(
            row["code"], row["label"], row["legal_status"] or None, row["municipal"]
        )
        for row in rows
    }


@cache
def form_codes() -> dict[str, str]:
    """Return the legal status codes by label."""
    return {form.label: form.code for form in legal_forms().values() if form.code}


@cache
def _rules() -> tuple[_Rule, ...]:
    with (DATA / "kinds.csv").open(encoding="utf-8", newline="") as stream:
        rules = tuple(_rule(row) for row in csv.DictReader(stream))
    unknown = {rule.kind for rule in rules} - {*KINDS, None}
    unknown |= {status for rule in rules for status in rule.statuses} - set(LEGAL_STATUSES)
    if unknown:
        message = f"data/kinds.csv: not in the vocabulary: {sorted(map(str, unknown))}"
        raise ValueError(message)
    return rules


def _rule(row: dict[str, str]) -> _Rule:
    def codes(column: str) -> frozenset[str]:
        return frozenset(filter(None, row[column].split("|")))

    return _Rule(
        row["level"],
        codes("category"),
        codes("legal_form"),
        codes("legal_status"),
        row["manager"],
        re.compile(row["name"]) if row["name"] else None,
        row["kind"] or None,
    )


@lru_cache(maxsize=16384)
def _shortlist(
    level: str,
    category: str,
    form: str,
    status: str | None,
    municipal: bool | None,  # noqa: FBT001 - part of the cache's key
) -> tuple[_Rule, ...]:
    """Return the rules left once all but the name is known, up to the first that asks no name."""
    manager = {True: "municipal", False: "not_municipal", None: "unknown"}[municipal]
    kept: list[_Rule] = []
    for rule in _rules():
        fits = (
            rule.level == level
            and (not rule.categories or category in rule.categories)
            and (not rule.forms or form in rule.forms)
            and (not rule.statuses or status in rule.statuses)
            and rule.manager in {"", manager}
        )
        if fits:
            kept.append(rule)
            if rule.name is None:
                break
    return tuple(kept)
