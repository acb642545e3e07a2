"""Synthetic files of the loaders on beds, activities and accessibility, bad rows among them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.loaders.subject import Sample


def sae(folder: Path) -> Sample:
    """Return two SAE tables: an establishment in Paris, a count in words, a bad number."""
    ident = folder / "id.csv"
    ident.write_bytes(
        "bor;an;fi;rs;rscom;fi_ej;stj;stjr;cat;espic;sir;dep;COMINSEE;ARMT;CPO;LIBCOM\n"
        "ID;2023;940000001;HÔPITAL;;940900001;14;1;355;1;12345678901234;94;94028;;94010;CRETEIL\n"
        "ID;2023;750000001;CLINIQUE;;750900001;73;2;365;0;;75;75056;75112;75012;PARIS\n"
        "ID;2023;94000002;X;;940900001;14;1;355;1;;94;94028;;94010;CRETEIL\n".encode("latin-1")
    )
    beds = folder / "mco.csv"
    beds.write_text(
        "BOR;AN;FI;RS;FI_EJ;LIT_MED;LIT_CHI;LIT_OBS;LIT_MCO;PLA_MED;PLA_CHI;PLA_OBS;PLA_MCO\n"
        "MCO;2023;940000001;HOPITAL;940900001;271;62;88;421;55;30;4;90\n"
        "MCO;2023;750000001;CLINIQUE;750900001;;12 places;;environ 10;;;;0\n"
        "MCO;23;750000002;X;750900001;;;;;;;;\n",
        encoding="utf-8",
    )
    return Sample(paths=(ident, beds))


def activites(folder: Path) -> Sample:
    """Return a feed of activities: a zone with unknown communes, a capacity in words."""
    attributes = {"activiteSocialeRegulee": "358", "modeFonctionnement": "16", "public": "700"}

    def record(number: str, of: str | None, capacity: str) -> dict[str, object]:
        return {
            "caracteristiquesGeneriques": {
                "activiteAeId": number,
                "etatObjet": "A",
                "identifiantAutorisation": of,
            },
            "nature": {
                "codeNature": "ASMR",
                "caracteristiquesSpecifiques": {"typeActiviteAMSR": attributes},
            },
            "evenement": [{"dateEvenement": "2020-01-01", "codeEvenement": "012"}],
            "capacite": [
                {"nombre": capacity, "statutCapacite": "08", "uniteMesureCapacite": "02"},
                {"nombre": "45", "statutCapacite": "09", "uniteMesureCapacite": "02"},
            ],
            "zoneIntervention": {"communeZI": [{"commune": "94028"}, {"commune": "99999"}]},
        }

    sites = [
        {"numFinessEge": "940000001", "activitesExercees": [record("2", "1", "40")]},
        {"numFinessEge": "940000002", "activitesExercees": [record("3", "1", "12 places")]},
        {"numFinessEge": "94000003", "activitesExercees": []},
    ]
    entity = {
        "numFiness": "940900001",
        "activitesAutorisees": [record("1", None, "0")],
        "ege": sites,
    }
    path = folder / "activites.json"
    path.write_text(
        json.dumps({"generatedAt": "2026-08-18T00:00:00Z", "pmej": [entity]}), encoding="utf-8"
    )
    return Sample(paths=(path,))


def apl(folder: Path) -> Sample:
    """Return accessibility to doctors: merged communes, Paris as a whole, a word for a number."""
    path = folder / "apl_2023.csv"
    path.write_text(
        "Accessibilité synthétique\n"
        "Code commune INSEE;Commune;APL aux médecins généralistes;Population standardisée\n"
        ";;consultations/an;habitants\n"
        "94028;Créteil;4,54;87404,7\n"
        "93066;Saint-Denis;3,0;300\n"
        "93059;Pierrefitte;5,0;100\n"
        "94021;Chevilly-Larue;n.c.;19000\n"
        "75056;Paris;0;0\n"
        "94999;Nulle part;3,0;10\n",
        encoding="utf-8",
    )
    return Sample(paths=(path,))
