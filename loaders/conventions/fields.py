"""The columns that a register may have: one line each, in the order of the template.

Headings and explanations that people read are in the catalogues (``register.heading.<id>``,
``register.help.<id>``); ``headings.toml`` holds what registers in use write instead.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.identifiers import fold
from graph.messages import LANGUAGES, text


class Field(NamedTuple):
    """A column of the register.

    `reader` names how a cell is read (:data:`loaders.conventions.values.READERS`) into the
    attribute of the same name; it is ``""`` where several columns are read together. `several`
    allows more than one column and more than one value a cell.
    """

    id: str
    reader: str = ""
    several: bool = False
    in_template: bool = True


FIELDS = (
    Field("number"),
    Field("title", "text"),
    Field("type", "type"),
    Field("object", "text"),
    Field("partners", several=True),
    Field("partner_finess", several=True),
    Field("partner_commune", several=True),
    Field("partner_kind", several=True),
    Field("partner_role", several=True),
    Field("partner_level", several=True),
    Field("signatory", several=True),
    Field("signatory_function", "function"),
    Field("sites", several=True),
    Field("themes", "themes", several=True),
    Field("filiere", "text"),
    Field("activity", "text"),
    Field("pathway", "pathway", several=True),
    Field("project_axis", "text"),
    Field("territory", "territory", several=True),
    Field("status"),
    Field("requested", "date"),
    Field("sent", "date"),
    Field("returned", "date"),
    Field("signed", "date"),
    Field("effective", "date"),
    Field("end"),
    Field("duration"),
    Field("period", in_template=False),
    Field("renewal"),
    Field("renewal_period"),
    Field("renewals_limit"),
    Field("notice"),
    Field("termination_terms", "text"),
    Field("suspended", "date"),
    Field("resumed", "date"),
    Field("denounced", "date"),
    Field("terminated", "date"),
    Field("abandoned", "date"),
    Field("still_applied", "yes_no"),
    Field("parent"),
    Field("amendment_effect"),
    Field("replaces"),
    Field("replaced_by"),
    Field("approvals", several=True),
    Field("approvals_given", several=True),
    Field("amount", "amount"),
    Field("amount_direction", "direction"),
    Field("annexes", "lines", several=True),
    Field("internal_owner", "function"),
    Field("administrative_referent", "function"),
    Field("medical_referent", "function"),
    Field("referent_mailbox", "mailbox"),
    Field("next_action", "text"),
    Field("next_action_by", "function"),
    Field("next_action_on", "date"),
    Field("review_due", "date"),
    Field("review_done", "date"),
    Field("alive", "alive"),
    Field("confidentiality", "confidentiality"),
    Field("document", "document"),
    Field("remarks", "remark", several=True),
)

REQUIRED = ("partners",)
"""Columns without which no row can be kept; the number may stand for the title."""
NAMING = ("title", "number", "object")
"""At least one of these names the convention."""

BY_ID = {field.id: field for field in FIELDS}


def heading(field: str, language: str = "fr") -> str:
    """Return the template's heading of `field`."""
    return text(f"register.heading.{field}", language)


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return what registers in use write for each field (``headings.toml``)."""
    table = files("loaders.conventions").joinpath("headings.toml")
    return {
        field: tuple(words)
        for field, words in tomllib.loads(table.read_text(encoding="utf-8")).items()
    }


@cache
def known_headings() -> dict[str, str]:
    """Return the field of every heading known for certain, by folded heading.

    A heading of the template wins over a synonym.
    """
    found: dict[str, str] = {}
    for field in FIELDS:
        for words in (*synonyms().get(field.id, ()), field.id):
            found.setdefault(fold(words), field.id)
    for language in LANGUAGES:
        found |= {fold(heading(field.id, language)): field.id for field in FIELDS}
    return found
