"""The CNSA price list: euros per day, by kind of room and degree of dependence (GIR)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from graph.dates import PartialDate
from graph.model import Fact, StructureClaim
from loaders.base import Reporter

PRICE_KEY = "finessEt"

LODGING = (
    ("prixHebPermCs", "prix_hebergement_permanent_chambre_simple"),
    ("prixHebPermCd", "prix_hebergement_permanent_chambre_double"),
    ("prixHebPermCsa", "prix_hebergement_permanent_chambre_simple_aide_sociale"),
    ("prixHebPermCda", "prix_hebergement_permanent_chambre_double_aide_sociale"),
    ("prixHebTempCs", "prix_hebergement_temporaire_chambre_simple"),
    ("prixHebTempCd", "prix_hebergement_temporaire_chambre_double"),
    ("prixHebTempCsa", "prix_hebergement_temporaire_chambre_simple_aide_sociale"),
    ("prixHebTempCda", "prix_hebergement_temporaire_chambre_double_aide_sociale"),
    ("tarifHebJour", "tarif_accueil_de_jour"),
)
DEPENDENCE = (
    ("TARIF_GIR_12", "tarif_dependance_gir_1_2"),
    ("TARIF_GIR_34", "tarif_dependance_gir_3_4"),
    ("TARIF_GIR_56", "tarif_dependance_gir_5_6"),
)
PRICE_COLUMNS = tuple(name for name, _ in (*LODGING, *DEPENDENCE))
HIGHEST_LODGING = 400.0
HIGHEST_DEPENDENCE = 80.0
"""Euros per day above which a price is one of a month: none of the raw exports reaches them."""

UNIT = "EUR/jour"
_PRICE = re.compile(r"(\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|\d+)(?:[.,](\d{1,2})\d*)?\s*(?:€|euros?)?")
_NOTHING = frozenset({"", "0", "0,00", "0.00", "nc", "nd", "na", "-"})


def price_claim(
    number: str,
    row: str,
    cells: Mapping[str, str],
    vintage: PartialDate | None,
    reporter: Reporter,
) -> StructureClaim:
    """Return what a row of the price list states of the establishment `number`.

    A price that can only be one of a month, or no price at all, is rejected in `reporter`.
    """
    facts = [
        *_facts(LODGING, HIGHEST_LODGING, row, cells, vintage, reporter),
        *_facts(DEPENDENCE, HIGHEST_DEPENDENCE, row, cells, vintage, reporter),
    ]
    topics = {fact.topic for fact in facts}
    stays = any(topic.startswith("prix_hebergement_temporaire") for topic in topics)
    day = "tarif_accueil_de_jour" in topics
    offered = (("hebergement_temporaire", stays), ("accueil_de_jour", day))
    return StructureClaim(
        id=number,
        source="cnsa-prices",
        locator=f"{PRICE_KEY} {number}",
        level="ET",
        facts=tuple(facts),
        activities=tuple(name for name, stated in offered if stated),
    )


def _facts(
    columns: tuple[tuple[str, str], ...],
    highest: float,
    row: str,
    cells: Mapping[str, str],
    vintage: PartialDate | None,
    reporter: Reporter,
) -> list[Fact]:
    found = []
    for column, topic in columns:
        cell = cells.get(column, "").strip()
        if cell.casefold() in _NOTHING:
            continue
        price = price_of(cell)
        if price is None:
            reporter.reject(row, "kind.price", field=column, value=cell)
        elif price > highest:
            reporter.reject(row, "kind.price_month", field=column, value=cell, highest=highest)
        else:
            found.append(Fact(topic=topic, value=price, unit=UNIT, date=vintage))
    return found


@lru_cache(maxsize=16384)
def price_of(cell: str) -> float | None:
    """Return the euros that `cell` states, None if it is no price."""
    found = _PRICE.fullmatch(cell.strip())
    if found is None:
        return None
    whole = re.sub(r"\D", "", found[1])
    return float(f"{whole}.{found[2] or '0'}")
