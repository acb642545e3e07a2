"""The closed lists of the field: kinds, levels, types, statuses, alerts, roles.

Labels are in the catalogues (``kind.EHPAD``, ``status.en_vigueur``...). DOMAIN words; the tuples
are the registry and give the order in which people read them.
"""

from __future__ import annotations

from enum import StrEnum

KINDS = (
    "GHT",
    "HOPITAL",
    "CLINIQUE",
    "CPTS",
    "CMS",
    "CDS",
    "MSP",
    "EHPAD",
    "EHPA",
    "RESIDENCE",
    "HAD",
    "SSIAD",
    "SAD",
    "ACCUEIL_JOUR",
    "DIALYSE",
    "IMAGERIE",
    "DAC",
    "CLIC",
    "MMG_SAMI",
    "SAS",
    "GROUPEMENT",
    "RESEAU",
    "GROUPE",
    "FILIERE",
    "INSTITUTION",
    "URPS",
    "ASSOCIATION",
    "INSTANCE",
    "GESTIONNAIRE",
    "AUTRE",
)
"""Kinds of structure. GESTIONNAIRE is a legal entity that only manages; AUTRE is every FINESS
category outside the table of the field."""

LEGAL_STATUSES = ("public", "espic", "non_lucratif", "commercial")

LEVELS = (
    "commune",
    "arrondissement",
    "intercommunalite",
    "departement",
    "region",
    "cpts",
    "set",
)
"""Territory levels; Paris, Lyon and Marseille stand as municipal arrondissements in ``commune``."""

SERVICE_RULES = {
    **dict.fromkeys(("HAD", "SSIAD", "SAD", "SAS"), "zone"),
    **dict.fromkeys(("CPTS", "DAC", "CLIC", "GHT", "FILIERE", "RESEAU", "MMG_SAMI"), "perimeter"),
}
"""How a kind reaches a territory: by intervention ``zone`` or ``perimeter``; else by ``place``."""

COOPERATION_TYPES = (
    "convention_cadre",
    "convention_partenariat",
    "convention_cooperation",
    "convention_filiere",
    "convention_ehpad_hopital",
    "convention_had_ehpad",
    "prado",
    "affiliation",
    "benevolat",
    "transfert_repli",
    "mise_a_disposition",
    "assistant_partage",
    "activite_partagee",
    "biologie_pui_imagerie",
    "telesante",
    "stages",
    "gcs_gcsms",
    "cls",
    "article_51",
    "appel_candidatures",
    "programme",
    "participation_instance",
    "contact_regulier",
    "autre",
)

INSTANCE_TYPES = frozenset({"participation_instance"})
CONTACT_TYPES = frozenset({"contact_regulier"})

PATHWAY_STEPS = ("amont", "sejour", "aval", "domicile")
PARTY_LEVELS = ("GHT", "EJ", "ET", "service")
CONFIDENTIALITY = ("public", "interne", "restreint")

PRECISIONS = ("adresse", "voie", "lieu_dit", "commune", "inconnue", "rattachement")
"""How precise a position is; ``commune`` is its centroid, ``rattachement`` is inferred."""


class Status(StrEnum):
    """Legal status of a cooperation at a date (DOMAIN.md)."""

    DRAFT = "en_projet"
    UNDER_REVIEW = "en_instruction"
    TO_SIGN = "a_signer"
    SIGNED = "signee"
    IN_FORCE = "en_vigueur"
    RENEWED = "reconduite"
    SUSPENDED = "suspendue"
    EXPIRED = "echue"
    EXPIRED_APPLIED = "echue_appliquee"
    DENOUNCED = "denoncee"
    TERMINATED = "resiliee"
    ABANDONED = "sans_suite"
    ATTESTED = "attestee"


COUNTED_STATUSES = frozenset(
    {Status.IN_FORCE, Status.RENEWED, Status.EXPIRED_APPLIED, Status.ATTESTED}
)
"""Statuses under which a tie exists (DOMAIN.md, "Two things that are not one")."""


class Alert(StrEnum):
    """What to deal with, beside the status; never removes a tie."""

    TO_RENEW = "a_renouveler"
    NOTICE = "preavis"
    REVIEW_LATE = "bilan_en_retard"
    SIGNATURE_PENDING = "signature_en_attente"
