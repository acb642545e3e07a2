"""Synthetic files for each loader: one function a loader, named in :data:`SAMPLES`.

A sample holds sound rows and, where rows can be bad, at least one bad row.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from loaders.base import LoadContext
from tests.contract.loaders import samples_care, samples_kinds, samples_partners
from tests.contract.loaders.subject import Sample
from tests.support import registers, synthetic_finess
from tests.support.finess_rows import entity, establishment, position, write


def reference(folder: Path) -> Sample:
    """Return the bundled ecosystem itself: it is reviewed and holds no bad row."""
    return Sample(flawed=False)


def territories(folder: Path) -> Sample:
    """Return the bundled territories, one département of them."""
    return Sample(context=LoadContext(departements=("94",)), flawed=False)


def population(folder: Path) -> Sample:
    """Return a table of ages of two communes, and a commune that does not exist."""
    path = folder / "base-cc-evol-struct-pop-2022.csv"
    path.write_text(
        "CODGEO;P22_POP;P22_POP6074;P22_POP7589;P22_POP90P;P22_H65P;P22_F65P\n"
        "94028;1000;120;60;10;80;100\n94046;500;60;20;5;30;40\n94999;1;0;0;0;0;0\n",
        encoding="utf-8",
    )
    return Sample(paths=(path,))


def sets(folder: Path) -> Sample:
    """Return a named set of communes, one of them unknown."""
    path = folder / "ensembles.csv"
    path.write_text(
        "code_ensemble;nom_ensemble;commune;departement\n"
        "bassin;Bassin synthétique;94028;\nbassin;Bassin synthétique;Maisons Alfort;\n"
        "bassin;Bassin synthétique;Atlantide;\n",
        encoding="utf-8",
    )
    return Sample(paths=(path,))


def finess(folder: Path) -> Sample:
    """Return both classic files, with Excel damage, a bad number and a cut line."""
    sites = write(
        folder / "sites.csv",
        establishment("940000001"),
        establishment("940000002", categetab="124", nofinessej="940900002"),
        establishment("970100001", departement="9A", commune="123", ligneacheminement="97133 X"),
        establishment("940000003", siret="2,69401E+13", numvoie="08-oct", dateouv="x"),
        establishment("94000004"),
        establishment("940000005")[:60],
        position("940000001"),
        position("940000002", east="1", north="1"),
    )
    owners = write(
        folder / "owners.csv",
        entity("940900001"),
        entity("940900002", statutjuridique="03"),
        entity("940900003", statutjuridique="70", rs="MME UNTEL", rslongue=""),
    )
    return Sample(paths=(sites, owners))


def finess_feed(folder: Path) -> Sample:
    """Return a JSON feed with a GHT, one of its members missing."""
    return Sample(paths=(synthetic_finess.write_feed(folder / "feed.json.gz", 2, 3),))


def conventions(folder: Path) -> Sample:
    """Return a register with a partner that nobody knows and a person's telephone."""
    rows = [
        {
            "N°": "C-1",
            "Intitulé": "Partenariat synthétique",
            "Type": "Convention de partenariat",
            "Partenaires": "Clinique Boyer (Villeneuve-Saint-Georges)",
            "Date de signature": "15/12/2021",
            "Date de fin": "31/12/2024",
            "Référent médical": "Dr Martin, cheffe du service de réanimation",
            "Boîte générique": "conventions@exemple.fr",
            "Remarques": "Joindre Mme Durand au 06 12 34 56 78 ou durand@exemple.fr",
        },
        {"N°": "C-2", "Intitulé": "Sans partenaire connu", "Partenaires": "Zzz Qqq (Nullepart)"},
    ]
    path = registers.write_csv(folder / "registre.csv", rows)
    return Sample(paths=(path,), context=registers.context())


SAMPLES: tuple[tuple[str, Callable[[Path], Sample]], ...] = (
    ("reference", reference),
    ("territoires", territories),
    ("population", population),
    ("ensembles", sets),
    ("finess", finess),
    ("finess", finess_feed),
    ("ght", samples_partners.ght_list),
    ("ght", samples_partners.ght_feed),
    ("cpts", samples_partners.cpts_list),
    ("cpts", samples_partners.cpts_layer),
    ("cpts", samples_partners.cpts_finess),
    ("cms", samples_kinds.cms),
    ("ehpad", samples_kinds.ehpad),
    ("ehpad", samples_kinds.ehpad_prices),
    ("ehpad", samples_kinds.ehpad_directory),
    ("cliniques", samples_kinds.cliniques),
    ("activites", samples_care.activites),
    ("sae", samples_care.sae),
    ("apl", samples_care.apl),
    ("conventions", conventions),
)
"""Loader and sample; a loader may have several."""
