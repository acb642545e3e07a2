"""A synthetic feed of FINESS activities: invented records with every field of the official ones.

A record of the real feed has about 2 kB, half of it events; an establishment has two activities
or so, of which a part is no longer in force, each granted by an authorisation of its own.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import synthetic_finess

_ACTIVITIES = 3
"""Establishments have one to this number of activities."""
_STATES = ("A", "A", "I")
_IN_FORCE, _STOPPED = ("010", "012"), ("010", "013", "012", "015")
"""Events of an activity: granted, ended; carried out, stopped."""


def write_activities(path: Path, entities: int, sites: int) -> Path:
    """Write a compressed feed of `entities` legal entities with `sites` establishments each."""
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=6) as stream:
        stream.write('{"schemaVersion": "v1.0.0", "generatedAt": "2026-08-18T02:16:50Z", "pmej": [')
        for index, item in enumerate(activity_entities(entities, sites)):
            stream.write(("," if index else "") + json.dumps(item))
        stream.write("]}")
    return path


def activity_entities(entities: int, sites: int) -> Iterator[dict[str, Any]]:
    """Yield legal entities of a feed."""
    for index in range(entities):
        departement, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
        carried = [activity_site(index * sites + rank, departement) for rank in range(sites)]
        granted = [
            _authorisation(record) for site in carried for record in site["activitesExercees"]
        ]
        yield {
            "numFiness": f"{departement}9{index % 10**6:06d}",
            "pmSmsseId": str(index),
            "activitesAutorisees": granted,
            "ege": carried,
        }


def activity_site(index: int, departement: str) -> dict[str, Any]:
    """Return an establishment with its activities; one in three of these is over."""
    return {
        "egeId": str(index),
        "numFinessEge": f"{departement}{index % 10**7:07d}",
        "activitesExercees": [
            _record(index * 10 + rank, str(index), _STATES[(index + rank) % len(_STATES)])
            for rank in range(1 + index % _ACTIVITIES)
        ],
    }


def _record(index: int, site: str, state: str) -> dict[str, Any]:
    departement, suffix, *_ = synthetic_finess.PLACES[index % len(synthetic_finess.PLACES)]
    reached = {"communeZI": [{"commune": departement + suffix}]} if index % 4 == 0 else None
    codes = _IN_FORCE if state == "A" else _STOPPED
    return {
        "caracteristiquesGeneriques": _general(index, state) | {"egeId": site},
        "nature": {
            "codeNature": "ASMR",
            "caracteristiquesSpecifiques": {
                "aaSocialeReguleeId": str(index),
                **dict.fromkeys(("ageMaxAutorise", "ageMaxInstalle"), "20"),
                **dict.fromkeys(("ageMinAutorise", "ageMinInstalle"), "3"),
                "activiteAeId": str(index),
                "typeActiviteAMSR": {
                    "activiteSocialeRegulee": "358",
                    "modeFonctionnement": "16",
                    "public": "700",
                },
            },
        },
        "evenement": [_event(index, site, code) for code in codes],
        "engagement": [],
        "capacite": [_capacity(index, code) for code in ("08", "09")],
        "zoneIntervention": reached,
    }


def _general(index: int, state: str) -> dict[str, Any]:
    return {
        "activiteAeId": str(index),
        "etatObjet": state,
        "identifiantAutorisation": f"a{index}",
        "numAutorisationArhgos": None,
        "dateDebutActiviteAutorisee": "2020-05-26",
        "dateFinActiviteAutorisee": None,
        "dateFinEffectiveActivite": None,
        "dateCaduciteAutorisation": None,
        "egeId": None,
        "typeActiviteSMSSE": "70751",
        "egeExploitanteId": None,
        "egeFacturante": None,
    }


def _authorisation(record: dict[str, Any]) -> dict[str, Any]:
    """Return the authorisation that a record names, which the legal entity holds."""
    general = record["caracteristiquesGeneriques"]
    told = {"activiteAeId": general["identifiantAutorisation"], "identifiantAutorisation": None}
    return {
        **record,
        "caracteristiquesGeneriques": general | told | {"egeId": None},
        "evenement": record["evenement"][:1],
        "capacite": record["capacite"][:1],
        "zoneIntervention": None,
    }


def _event(index: int, site: str, code: str) -> dict[str, Any]:
    return {
        "evenementId": str(index),
        "dateEnregistrement": "2026-07-07 13:51:16",
        "dateEvenement": "2020-05-26",
        "etatObjet1": code,
        "identifiantObjet1": str(index),
        "identifiantObjet2": site,
        "systemeMaitre": "01",
        "typeObjet1": "AC",
        "typeObjet2": "EG",
        "codeEvenement": code,
    }


def _capacity(index: int, state: str) -> dict[str, Any]:
    return {
        "idCapacite": str(index),
        "nombre": str(index % 90),
        "precision": None,
        "variation": None,
        "activiteAeId": str(index),
        "engagementId": None,
        "habilitation": None,
        "statutCapacite": state,
        "modeFinancement": None,
        "uniteMesureCapacite": "02",
        "typeLogement": None,
        "genre": None,
    }
