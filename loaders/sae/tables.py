"""The SAE tables that are read, and what each of their columns becomes.

A table is named by its column BOR. Column names are in capitals here; some years write them in
lower case. Beds are *lits*, places are *places*; a cell left empty says nothing, a zero says zero.
"""

from __future__ import annotations

from typing import NamedTuple

IDENTIFIERS = ("BOR", "AN", "FI")
"""Columns of every table but GHT: name of the table, year, FINESS number of the establishment."""


class Measure(NamedTuple):
    """A number of a row: `key` in our words, the columns that add up to it, its unit."""

    key: str
    columns: tuple[str, ...]
    unit: str


class SaeTable(NamedTuple):
    """A table: which row of an establishment counts, and what it says.

    `select` is the column and the values that make a row count; the other rows are breakdowns.
    `sums` are (total, parts) columns that must agree. `signs` are columns any of which shows, by
    more than zero, that the activity exists. `also` are columns that are read where they stand.
    """

    name: str
    title: str
    activity: str | None = None
    select: tuple[str, tuple[str, ...]] | None = None
    capacity: tuple[Measure, ...] = ()
    facts: tuple[Measure, ...] = ()
    signs: tuple[str, ...] = ()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    required: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Return the columns without which the table is of no use."""
        measured = [name for measure in self.capacity for name in measure.columns]
        chosen = [self.select[0]] if self.select else []
        return (*IDENTIFIERS, *self.required, *chosen, *measured)

    def other_columns(self) -> tuple[str, ...]:
        """Return the columns that the table is also read by: a file without one says less."""
        measured = [name for measure in self.facts for name in measure.columns]
        known = self.columns()
        return tuple(name for name in ("RS", "FI_EJ", *self.also, *measured) if name not in known)


ID = SaeTable(
    "ID",
    "identification des établissements",
    required=("RS", "FI_EJ", "STJ", "CAT"),
    also=("STJR", "ESPIC", "SIR", "DEP", "COMINSEE", "CPO", "LIBCOM"),
)

MCO = SaeTable(
    "MCO",
    "médecine, chirurgie, obstétrique",
    activity="mco",
    capacity=(
        Measure("lits_mco", ("LIT_MCO",), "lits"),
        Measure("places_mco", ("PLA_MCO",), "places"),
    ),
    facts=(
        Measure("lits_medecine", ("LIT_MED",), "lits"),
        Measure("lits_chirurgie", ("LIT_CHI",), "lits"),
        Measure("lits_obstetrique", ("LIT_OBS",), "lits"),
        Measure("places_medecine", ("PLA_MED",), "places"),
        Measure("places_chirurgie", ("PLA_CHI",), "places"),
        Measure("places_obstetrique", ("PLA_OBS",), "places"),
    ),
    signs=("LIT_MCO", "PLA_MCO", "SEJHC_MCO", "SEJHP_MCO", "SEA_MCO"),
    sums=(
        ("LIT_MCO", ("LIT_MED", "LIT_CHI", "LIT_OBS")),
        ("PLA_MCO", ("PLA_MED", "PLA_CHI", "PLA_OBS")),
    ),
)

SSR = SaeTable(
    "SSR",
    "soins médicaux et de réadaptation",
    activity="smr",
    select=("GDE", ("SSR_TOT",)),
    capacity=(Measure("lits_smr", ("LIT",), "lits"), Measure("places_smr", ("PLA",), "places")),
    signs=("LIT", "PLA", "JOUHC", "JOUHP"),
)

PSY = SaeTable(
    "PSY",
    "psychiatrie",
    activity="psychiatrie",
    select=("DIS", ("TOT",)),
    capacity=(
        Measure("lits_psychiatrie", ("CAP_HTP",), "lits"),
        Measure("places_psychiatrie", ("CAP_HDJ", "CAP_HDN"), "places"),
    ),
    signs=("CAP_HTP", "CAP_HDJ", "CAP_HDN", "JOU_HTP", "VEN_HDJ", "FIL_TOT"),
)

USLD = SaeTable(
    "USLD",
    "soins de longue durée",
    activity="usld",
    capacity=(Measure("lits_usld", ("LIT",), "lits"),),
    signs=("LIT", "JOU"),
)

HAD = SaeTable(
    "HAD",
    "hospitalisation à domicile",
    activity="had",
    capacity=(Measure("places_had", ("PLATOT",), "places"),),
    facts=(
        Measure("sejours_had", ("SEJ_HAD",), "séjours"),
        Measure("journees_had", ("JOU_HAD",), "journées"),
        Measure("antennes_had", ("NB_ANT",), "antennes"),
        Measure("population_had", ("POP",), "habitants"),
    ),
    signs=("PLATOT", "SEJ_HAD", "JOU_HAD"),
)

URGENCES = SaeTable(
    "URGENCES",
    "autorisations de médecine d’urgence",
    activity="urgences",
    signs=("AUTSU", "AUTGEN", "AUTPED", "AUTSAIS"),
    required=("AUTGEN", "AUTPED"),
)

URGENCES2 = SaeTable(
    "URGENCES2",
    "passages aux urgences",
    activity="urgences",
    select=("URG", ("GEN", "PED")),
    facts=(
        Measure("passages_urgences", ("PASSU",), "passages"),
        Measure("lits_uhcd", ("LIT_UHCD",), "lits"),
    ),
    signs=("PASSU",),
    required=("PASSU",),
)

TABLES = (ID, MCO, SSR, PSY, USLD, HAD, URGENCES, URGENCES2)

SUFFIXES = {"GEN": "generales", "PED": "pediatriques"}
"""Emergency units of URGENCES2; each has its topics (``passages_urgences_generales``)."""

_IDENTITY = (
    *("RSCOM", "ARMT", "NUMVOI", "TYPVOI", "NOMVOI", "BP", "COMPD"),
    *("DEP", "FI_EJ", "RS"),
)
READ = tuple(
    dict.fromkeys(
        [
            *(name for table in TABLES for name in (*table.columns(), *table.other_columns())),
            *(name for table in TABLES for name in table.signs),
            *(name for table in TABLES for total, parts in table.sums for name in (total, *parts)),
            *_IDENTITY,
        ]
    )
)
"""All columns that some table is read by."""
