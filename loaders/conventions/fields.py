"""The columns that a register may have: one line each, in the order of the template.

Headings and explanations that people read are in the catalogues (``register.heading.<id>``,
``register.help.<id>``); the synonyms below are what registers in use write instead, folded.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from graph.identifiers import fold
from graph.messages import LANGUAGES, text


class Field(NamedTuple):
    """A column of the register.

    `reader` names how a cell is read (:data:`loaders.conventions.values.READERS`), ``""`` where
    several columns are read together; `target` is the attribute of the claim. `several` allows
    more than one column and more than one value a cell.
    """

    id: str
    reader: str = ""
    target: str = ""
    several: bool = False
    synonyms: tuple[str, ...] = ()
    in_template: bool = True


def _field(
    name: str, reader: str = "", synonyms: str = "", *, several: bool = False, hidden: bool = False
) -> Field:
    words = tuple(item.strip() for item in synonyms.split("|") if item.strip())
    target = name if reader else ""
    return Field(name, reader, target, several, words, not hidden)


FIELDS = (
    _field(
        "number",
        "",
        "numero|n|no|num|n convention|numero convention|numero de la convention|reference|ref"
        "|ref convention|reference convention|identifiant|id|code|code convention|numero d ordre"
        "|numero interne",
    ),
    _field(
        "title",
        "text",
        "titre|intitule de la convention|intitule convention|nom de la convention|nom convention"
        "|libelle|libelle de la convention|convention|denomination|name",
    ),
    _field("type", "type", "type de convention|type convention|nature|nature de la convention|categorie"),
    _field(
        "object",
        "text",
        "objet de la convention|objet convention|description|contenu|objectif|objectifs|finalite"
        "|resume|purpose",
    ),
    _field(
        "partners",
        "",
        "partenaire|nom du partenaire|nom partenaire|nom des partenaires|cocontractant|cocontractants"
        "|co contractant|co contractants|contractant|parties|partie|partie prenante|parties prenantes"
        "|autres parties|etablissement partenaire|etablissements partenaires|structure partenaire"
        "|structures partenaires|organisme|organisme partenaire|structure|partenaire s|partner"
        "|signataires externes|signataire externe|etablissement|etablissements parties|contracting party",
        several=True,
    ),
    _field(
        "partner_finess",
        "",
        "finess|n finess|no finess|numero finess|finess partenaire|finess du partenaire|code finess"
        "|finess et|finess ej|finess geographique|finess juridique|n finess du partenaire|nofiness"
        "|num finess|finess partenaires|finess number",
        several=True,
    ),
    _field(
        "partner_commune",
        "",
        "commune|ville|commune du partenaire|commune partenaire|ville du partenaire|localite|city"
        "|ville partenaire|implantation",
        several=True,
    ),
    _field(
        "partner_kind",
        "",
        "type de structure|type structure|type de partenaire|type partenaire|categorie de partenaire"
        "|categorie partenaire|nature du partenaire|type d etablissement|kind",
        several=True,
    ),
    _field("partner_role", "", "role|role du partenaire|qualite|qualite du partenaire", several=True),
    _field("partner_level", "", "niveau|niveau du partenaire|niveau juridique|level", several=True),
    _field(
        "signatory",
        "",
        "signataire|signataires|signataire ght|signataire interne|etablissement signataire"
        "|partie signataire|signataire pour le groupe|etablissement du ght|etablissement ght"
        "|partie ght|chic chiv|pour le compte de",
        several=True,
    ),
    _field(
        "signatory_function",
        "function",
        "qualite du signataire|fonction signataire|titre du signataire|fonction des signataires",
    ),
    _field(
        "sites",
        "",
        "site|site concerne|sites|etablissement concerne|etablissements concernes|site s concerne s"
        "|site hospitalier|sites hospitaliers",
        several=True,
    ),
    _field("themes", "themes", "theme|thematique|thematiques|domaine|domaines|mots cles", several=True),
    _field("filiere", "text", "filieres|filiere de soins|filiere concernee|filiere medicale"),
    _field("activity", "text", "activites|specialite|specialites|service|service concerne|services concernes|pole"),
    _field("pathway", "pathway", "etape|parcours|parcours patient|etape du parcours patient|segment", several=True),
    _field("project_axis", "text", "axe pmp|axe du pmp|axe projet medical|axe du projet medical|axe strategique|axe"),
    _field("territory", "territory", "territoires|territoire concerne|zone|perimetre|territoire couvert|secteur", several=True),
    _field("status", "", "etat|statut de la convention|etat de la convention|situation|avancement|etat d avancement|validite"),
    _field("requested", "date", "demande le|demandee le|date demande|date de la demande|date de reception|recue le"),
    _field("sent", "date", "envoi|envoyee le|date envoi|date d envoi au partenaire|envoye le|date envoi signature"),
    _field("returned", "date", "retour|retournee le|date retour|retour signe|date de retour signe"),
    _field("signed", "date", "signature|signee le|date signature|date de la signature|date signature convention|signed on"),
    _field(
        "effective",
        "date",
        "effet|date effet|date d effet|prise d effet|date de prise d effet|entree en vigueur|debut"
        "|date d entree en vigueur|date de debut|date debut|date debut convention|debut de validite"
        "|en vigueur depuis|start date",
    ),
    _field(
        "end",
        "",
        "fin|echeance|date fin|date echeance|date d echeance|terme|date de terme|fin de validite"
        "|date d expiration|expiration|date de fin de validite|date fin convention|end date"
        "|date de fin de convention|valable jusqu au",
    ),
    _field("duration", "", "duree de la convention|duree convention|duree de validite|duree initiale"),
    _field("period", "", "periode|periode de validite|dates|dates de validite", hidden=True),
    _field(
        "renewal",
        "",
        "reconduction|reconduction tacite|renouvellement|modalites de renouvellement|tr"
        "|modalites de reconduction|renouvelable|reconductible|mode de reconduction",
    ),
    _field("renewal_period", "", "duree de reconduction|periodicite de reconduction|periode de renouvellement"),
    _field("renewals_limit", "", "nb de reconductions|nb reconductions|nombre de renouvellements|reconductions maximum"),
    _field("notice", "", "duree du preavis|delai de preavis|preavis de denonciation|delai de denonciation|delai de prevenance"),
    _field("termination_terms", "text", "resiliation|modalites de resiliation|denonciation|modalites de denonciation"),
    _field("suspended", "date", "suspension|date de suspension|suspendue depuis|suspendu le"),
    _field("resumed", "date", "reprise|date de reprise"),
    _field("denounced", "date", "date de denonciation|denonce le"),
    _field("terminated", "date", "date de resiliation|resilie le"),
    _field("abandoned", "date", "abandon|date d abandon|abandonnee le|sans suite le|sans suite"),
    _field("still_applied", "yes_no", "encore appliquee|appliquee|appliquee malgre l echeance|de fait"),
    _field("parent", "", "avenant a|avenant de|convention mere|convention initiale|convention principale|avenant a la convention|rattachee a"),
    _field("amendment_effect", "", "effet avenant|objet de l avenant|objet avenant"),
    _field("replaces", "", "remplace la convention|annule et remplace|convention remplacee"),
    _field("replaced_by", "", "remplacee par la convention|remplace par"),
    _field("approvals", "", "avis requis|validations requises|validations necessaires|approbations necessaires|circuit de validation|visas", several=True),
    _field("approvals_given", "", "avis obtenus|validations obtenues|validations|approbations|avis donnes|avis recus", several=True),
    _field("amount", "amount", "montant|montant annuel|cout|cout annuel|montant en euros|incidence financiere|impact financier|budget"),
    _field("amount_direction", "direction", "sens|recette depense|depense recette|sens financier|recette ou depense"),
    _field("annexes", "lines", "annexe|pieces jointes|pieces annexes", several=True),
    _field("internal_owner", "function", "pilote|responsable interne|direction pilote|direction referente|direction responsable|service gestionnaire|gestionnaire"),
    _field("administrative_referent", "function", "referent administratif|referente administrative|referent|referent interne|contact administratif|contact"),
    _field("medical_referent", "function", "referent medical|referente medicale|medecin referent|contact medical|referent soignant"),
    _field("referent_mailbox", "mailbox", "mail|email|e mail|courriel|adresse mail|boite mail|boite generique|adresse electronique|mail du referent|bal"),
    _field("next_action", "text", "action|action a mener|actions a mener|a faire|prochaine etape|suite a donner|suites a donner"),
    _field("next_action_by", "function", "action par|responsable de l action|qui|action menee par"),
    _field("next_action_on", "date", "date de l action|date action|pour le|quand|echeance action|date prochaine action"),
    _field("review_due", "date", "bilan prevu|bilan prevu le|date du bilan|prochain bilan|bilan annuel|evaluation prevue|bilan"),
    _field("review_done", "date", "bilan realise|bilan realise le|dernier bilan|bilan fait|evaluation realisee|date du dernier bilan"),
    _field("alive", "alive", "vivante|active|dormante|vivante dormante|activite reelle|convention active|vie de la convention"),
    _field("confidentiality", "confidentiality", "diffusion|niveau de confidentialite|niveau de diffusion|acces"),
    _field("document", "document", "document|lien|lien document|chemin|fichier|lien vers la convention|url|emplacement|lien hypertexte"),
    _field("remarks", "remark", "remarque|observation|observations|commentaire|commentaires|note|notes|precisions|divers", several=True),
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
def known_headings() -> dict[str, str]:
    """Return the field of every heading known for certain, by folded heading.

    A heading of the template wins over a synonym.
    """
    found: dict[str, str] = {}
    for field in FIELDS:
        for words in (*field.synonyms, field.id.replace("_", " ")):
            found.setdefault(fold(words), field.id)
    for language in LANGUAGES:
        for field in FIELDS:
            found[fold(heading(field.id, language))] = field.id
    return found
