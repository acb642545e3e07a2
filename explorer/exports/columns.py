"""The columns of each table: what they are called in files, and of what type they are."""

from __future__ import annotations

from typing import Literal, NamedTuple

from graph.messages import catalogue

ColumnType = Literal["text", "integer", "number", "boolean", "date", "list"]


class Column(NamedTuple):
    """A column. `key` names it in GIS and graph files; `person` marks what may name somebody."""

    key: str
    type: ColumnType = "text"
    width: int = 16
    person: bool = False


STRUCTURES = (
    Column("id", width=14),
    Column("name", width=44),
    Column("kind"),
    Column("kind_label", width=26),
    Column("role"),
    Column("role_label", width=26),
    Column("agreements", "integer", 12),
    Column("statuses", "list", 24),
    Column("via", width=24),
    Column("through"),
    Column("through_name", width=32),
    Column("level"),
    Column("category"),
    Column("legal_status"),
    Column("legal_entity"),
    Column("legal_entity_name", width=32),
    Column("commune_code", width=12),
    Column("commune", width=24),
    Column("address", width=34),
    Column("longitude", "number", 12),
    Column("latitude", "number", 12),
    Column("x_lambert93", "number", 12),
    Column("y_lambert93", "number", 12),
    Column("precision", width=24),
    Column("drawn_with"),
    Column("capacity", "list", 24),
    Column("activities", "list", 24),
    Column("opened", "date", 12),
    Column("closed", "date", 12),
    Column("siret", width=16),
    Column("other_names", "list", 30),
    Column("sources", "list", 30),
)

TIES = (
    Column("id", width=34),
    Column("a", width=14),
    Column("a_name", width=36),
    Column("b", width=14),
    Column("b_name", width=36),
    Column("tie_kind", width=14),
    Column("tie_label", width=36),
    Column("style", width=14),
    Column("weight", "number", 10),
    Column("agreement_count", "integer", 12),
    Column("agreement_ids", "list", 20),
    Column("statuses", "list", 24),
    Column("start", "date", 12),
    Column("end", "date", 12),
    Column("via", width=24),
    Column("through"),
    Column("through_name", width=32),
    Column("sources", "list", 30),
)

AGREEMENTS = (
    Column("id", width=14),
    Column("title", width=44),
    Column("type"),
    Column("type_label", width=26),
    Column("object", width=40),
    Column("status", width=16),
    Column("status_label", width=24),
    Column("certain", "boolean", 12),
    Column("parties", "list", 50),
    Column("sites", "list", 36),
    Column("themes", "list", 24),
    Column("filiere", width=20),
    Column("activity", width=20),
    Column("pathway", "list", 20),
    Column("project_axis", width=20),
    Column("territory", "list", 20),
    Column("stage"),
    *(
        Column(key, "date", 12)
        for key in ("requested", "sent", "returned", "signed", "effective", "end")
    ),
    Column("term", "date", 12),
    Column("notice_deadline", "date", 12),
    Column("duration_months", "integer", 10),
    Column("indefinite", "boolean", 12),
    Column("tacit_renewal", "boolean", 12),
    Column("renewal_months", "integer", 10),
    Column("renewals_limit", "integer", 10),
    Column("notice_months", "integer", 10),
    Column("termination_terms", width=30),
    *(
        Column(key, "date", 12)
        for key in ("suspended", "resumed", "denounced", "terminated", "abandoned")
    ),
    Column("still_applied", "boolean", 12),
    Column("attested", "date", 14),
    Column("parent", width=14),
    Column("replaces", width=14),
    Column("replaced_by", width=14),
    Column("amount", "number", 12),
    Column("amount_direction", width=12),
    Column("alerts", "list", 24),
    Column("next_action", width=30),
    Column("next_action_on", "date", 12),
    Column("review_due", "date", 12),
    Column("review_done", "date", 12),
    Column("alive", "boolean", 12),
    Column("confidentiality", width=14),
    Column("document", width=30),
    Column("internal_owner", width=24, person=True),
    Column("administrative_referent", width=24, person=True),
    Column("medical_referent", width=24, person=True),
    Column("referent_mailbox", width=28, person=True),
    Column("next_action_by", width=24, person=True),
    Column("remarks", "list", 40, person=True),
    Column("sources", "list", 30),
)

PARTIES = (
    Column("agreement", width=14),
    Column("title", width=44),
    Column("structure", width=14),
    Column("name", width=44),
    Column("party_role", width=18),
    Column("party_level", width=18),
    Column("stated_name", width=36),
    Column("match", "number", 12),
    Column("signatory", width=24, person=True),
)

MEMBERSHIPS = (
    Column("id", width=34),
    Column("member", width=14),
    Column("member_name", width=40),
    Column("group", width=16),
    Column("group_name", width=40),
    Column("party_role", width=20),
    Column("since", "date", 12),
    Column("until", "date", 12),
    Column("inferred", "boolean", 12),
    Column("sources", "list", 30),
)

TERRITORIES = (
    Column("id", width=22),
    Column("territory_level", width=18),
    Column("code", width=12),
    Column("name", width=36),
    Column("population", "integer", 12),
    Column("population_65", "integer", 12),
    Column("population_75", "integer", 12),
    Column("parents", "list", 50),
    Column("sources", "list", 24),
)

SOURCES = (
    Column("id", width=20),
    Column("title", width=50),
    Column("publisher", width=30),
    Column("date", "date", 14),
    Column("vintage", "date", 14),
    Column("licence", width=30),
    Column("url", width=50),
)

COVERAGE = (
    Column("territory_ref", width=22),
    Column("territory_name", width=30),
    Column("kind", width=14),
    Column("kind_label", width=34),
    Column("concerned", "number", 12),
    Column("basis", width=12),
    Column("supply", "integer", 12),
    Column("places", "number", 12),
    Column("places_per_1000", "number", 12),
    Column("own", "integer", 12),
    Column("agreed", "integer", 12),
    Column("attested_supply", "integer", 12),
    Column("linked", "integer", 12),
    Column("unsigned", "integer", 12),
    Column("coverage_state", width=16),
    Column("coverage_label", width=40),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "structures": STRUCTURES,
    "ties": TIES,
    "agreements": AGREEMENTS,
    "parties": PARTIES,
    "memberships": MEMBERSHIPS,
    "territories": TERRITORIES,
    "sources": SOURCES,
    "coverage": COVERAGE,
}


def heading(column: Column, language: str) -> str:
    """Return what people read above a column."""
    return _first(language, "export.column", "page.field", "page.column", key=column.key)


def about(column: Column, language: str) -> str:
    """Return what a column holds, in a sentence."""
    return _first(language, "export.about", "register.help", key=column.key)


def _first(language: str, *areas: str, key: str) -> str:
    words = catalogue(language)
    return next(words[f"{area}.{key}"] for area in areas if f"{area}.{key}" in words)
