"""The records of the network: what sources claim, and what is shown once claims are resolved.

A *claim* is what one source says of one thing, with its locator; a value that a source does not
state is left at its default and not stored. A store keeps every claim; the structure, cooperation
or territory that people see is resolved from its claims by the published precedence
(:mod:`graph.resolve`). Edges of DESIGN.md section 2 are fields here: ``MANAGED_BY`` is
``legal_entity``, ``LOCATED_IN`` is ``commune``, ``COVERS`` is ``covers``, ``PARTY_TO`` is
``parties``, ``PART_OF`` is ``parents`` and ``members``; ``MEMBER_OF`` is a claim of its own.

Every claim carries `id`, `source`, `locator` (how to find the place in the source: row, paragraph,
record number) and `part` (the département of the row in files loaded by parts, else ``""``).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from graph.dates import PartialDate

EntityKind = Literal["structure", "cooperation", "membership", "territory"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of the plain records: immutable, defaults left out when written as JSON."""


class SourceRecord(Record, frozen=True, kw_only=True):
    """A document or file that claims come from.

    `family` (``register``, ``finess``, ``seed``...) is what the precedence ranks; `vintage` is
    the date that the content describes, `date` the date of publication.
    """

    id: str
    family: str
    title: str
    publisher: str | None = None
    date: PartialDate | None = None
    licence: str | None = None
    url: str | None = None
    vintage: PartialDate | None = None
    note: str | None = None


class Fact(Record, frozen=True, kw_only=True):
    """A figure or statement about a structure or cooperation, as its source qualifies it.

    `modality` keeps apart what is noted (``constate``), announced (``annonce``), planned
    (``prevu``), tried out (``experimental``) or called for (``appel``). `value` is None where the
    source gives no number.
    """

    topic: str
    value: float | str | None = None
    unit: str | None = None
    qualifier: str | None = None
    modality: str | None = None
    date: PartialDate | None = None
    source: str | None = None
    locator: str | None = None
    note: str | None = None


class StructureValues(Record, frozen=True, kw_only=True):
    """What can be said of a structure. Longitude and latitude are WGS84 degrees.

    `level` is EJ (legal entity), ET (establishment) or None (neither, or not stated). `activities`
    are what it does besides its kind; `covers` are territory references of its intervention zone
    or perimeter. `capacity` counts beds or places by type. `candidates` are FINESS numbers that
    may be its own, unconfirmed.
    """

    name: str | None = None
    other_names: tuple[str, ...] = ()
    kind: str | None = None
    level: Literal["EJ", "ET"] | None = None
    category: str | None = None
    legal_status: str | None = None
    legal_form: str | None = None
    activities: tuple[str, ...] = ()
    commune: str | None = None
    address: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    precision: str | None = None
    capacity: dict[str, float] = {}
    legal_entity: str | None = None
    legal_entity_since: PartialDate | None = None
    covers: tuple[str, ...] = ()
    opened: PartialDate | None = None
    closed: PartialDate | None = None
    siret: str | None = None
    candidates: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


class StructureClaim(
    StructureValues, frozen=True, kw_only=True, tag_field="entity", tag="structure"
):
    """What one source says of a structure (organisation or establishment)."""

    id: str
    source: str
    locator: str
    part: str = ""


class Structure(StructureValues, frozen=True, kw_only=True):
    """A structure as shown: its claims resolved. `sources` lists who speaks of it."""

    id: str
    sources: tuple[str, ...] = ()


class Party(Record, frozen=True, kw_only=True):
    """A party to a cooperation: which structure, in which role, at which level.

    `match` is the score (0-100) of a name that was matched rather than given by number.
    """

    structure: str
    role: str = "partie"
    level: str | None = None
    signatory: str | None = None
    stated_name: str | None = None
    match: float | None = None
    note: str | None = None


class Approval(Record, frozen=True, kw_only=True):
    """An approval that a cooperation needs (ARS, DAF, DRH, DSI, DPO, juridique)."""

    body: str
    given: bool | None = None
    date: PartialDate | None = None


class CooperationValues(Record, frozen=True, kw_only=True):
    """What can be said of an agreement or joint action.

    `sites` are the structures of the group that it concerns; empty with `sites_stated` False
    means that the source does not say. `stage` is the state that the register writes before
    signature. `attested` is the window in which a document says that it exists. Lengths are in
    months.
    """

    title: str | None = None
    type: str | None = None
    object: str | None = None
    parties: tuple[Party, ...] = ()
    sites: tuple[str, ...] = ()
    sites_stated: bool = False
    themes: tuple[str, ...] = ()
    filiere: str | None = None
    activity: str | None = None
    pathway: tuple[str, ...] = ()
    project_axis: str | None = None
    territory: tuple[str, ...] = ()
    stage: str | None = None
    requested: PartialDate | None = None
    sent: PartialDate | None = None
    returned: PartialDate | None = None
    signed: PartialDate | None = None
    effective: PartialDate | None = None
    end: PartialDate | None = None
    duration_months: int | None = None
    indefinite: bool | None = None
    tacit_renewal: bool | None = None
    renewal_months: int | None = None
    renewals_limit: int | None = None
    notice_months: int | None = None
    termination_terms: str | None = None
    suspended: PartialDate | None = None
    resumed: PartialDate | None = None
    denounced: PartialDate | None = None
    terminated: PartialDate | None = None
    abandoned: PartialDate | None = None
    still_applied: bool | None = None
    attested: PartialDate | None = None
    parent: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    approvals: tuple[Approval, ...] = ()
    amount: float | None = None
    amount_direction: str | None = None
    annexes: tuple[str, ...] = ()
    internal_owner: str | None = None
    administrative_referent: str | None = None
    medical_referent: str | None = None
    referent_mailbox: str | None = None
    next_action: str | None = None
    next_action_by: str | None = None
    next_action_on: PartialDate | None = None
    review_due: PartialDate | None = None
    review_done: PartialDate | None = None
    alive: bool | None = None
    confidentiality: str | None = None
    document: str | None = None
    facts: tuple[Fact, ...] = ()
    remarks: tuple[str, ...] = ()


class CooperationClaim(
    CooperationValues, frozen=True, kw_only=True, tag_field="entity", tag="cooperation"
):
    """What one source says of a cooperation."""

    id: str
    source: str
    locator: str
    part: str = ""


class Cooperation(CooperationValues, frozen=True, kw_only=True):
    """A cooperation as shown: its claims resolved."""

    id: str
    sources: tuple[str, ...] = ()


class MembershipValues(Record, frozen=True, kw_only=True):
    """Member of a GHT, CPTS, filière, groupement; seat in an instance."""

    member: str
    group: str
    role: str = "membre"
    level: str | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None
    inferred: bool = False
    note: str | None = None


class MembershipClaim(
    MembershipValues, frozen=True, kw_only=True, tag_field="entity", tag="membership"
):
    """What one source says of a membership; `id` is :func:`membership_id`."""

    id: str
    source: str
    locator: str
    part: str = ""


class Membership(MembershipValues, frozen=True, kw_only=True):
    """A membership as shown: its claims resolved."""

    id: str
    sources: tuple[str, ...] = ()


class TerritoryValues(Record, frozen=True, kw_only=True):
    """A territory. `geometry` is WKB in WGS84 (EPSG:4326); populations are persons.

    `parents` and `members` are territory references; hierarchies overlap, so a commune has one
    parent per level. `members` is used by named sets of communes. `figures` are published numbers
    on the territory (accessibility to doctors...), one for each topic and date.
    """

    level: str
    code: str
    name: str | None = None
    detail: str | None = None
    population: int | None = None
    population_65: int | None = None
    population_75: int | None = None
    population_85: int | None = None
    parents: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    figures: tuple[Fact, ...] = ()
    geometry: bytes | None = None


class TerritoryClaim(
    TerritoryValues, frozen=True, kw_only=True, tag_field="entity", tag="territory"
):
    """What one source says of a territory; `id` is ``level:code``."""

    id: str
    source: str
    locator: str
    part: str = ""


class Territory(TerritoryValues, frozen=True, kw_only=True):
    """A territory as shown: its claims resolved."""

    id: str
    sources: tuple[str, ...] = ()


AnyClaim = StructureClaim | CooperationClaim | MembershipClaim | TerritoryClaim
Entity = Structure | Cooperation | Membership | Territory


def entity_kind(claim: AnyClaim) -> EntityKind:
    """Return what `claim` is about: the tag under which it is stored."""
    kind: EntityKind = claim.__struct_config__.tag  # type: ignore[assignment]
    return kind


def membership_id(member: str, group: str, role: str) -> str:
    """Return the key of a membership: a structure can hold two roles in one group."""
    return f"{member}>{group}#{role}"
