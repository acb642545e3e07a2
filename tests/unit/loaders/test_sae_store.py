"""What loads of SAE, activities and accessibility do to a store, on synthetic files."""

import json
from pathlib import Path

import pytest

from explorer.services.loading import run_load
from graph.model import Structure
from graph.store.open import open_store
from graph.store.port import StructureQuery, TerritoryQuery
from loaders.base import LoadContext

MCO = "BOR;AN;FI;RS;FI_EJ;LIT_MED;LIT_CHI;LIT_OBS;LIT_MCO;PLA_MED;PLA_CHI;PLA_OBS;PLA_MCO"
USLD = "BOR;AN;FI;RS;FI_EJ;LIT;JOU"


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{(tmp_path / 'store.db').as_posix()}")
    yield opened
    opened.close()


def put(folder: Path, name: str, *lines: str) -> Path:
    path = folder / f"synthetic_{name}"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def mco(year: str, number: str, beds: int) -> str:
    return f"MCO;{year};{number};X;940110018;{beds};;;{beds};;;;"


def changes(store, source, *paths, **context):
    outcome = run_load(store, source, paths, context=LoadContext(**context)).outcome
    return outcome.added, outcome.updated, outcome.removed, outcome.unchanged


def structure(store, number: str) -> Structure | None:
    found = store.structures(StructureQuery(ids=frozenset({number})))
    return found[0] if found else None


def test_a_newer_year_updates_its_own_tables_and_nothing_else(store, tmp_path):
    old = put(
        tmp_path, "a.csv", MCO, mco("2023", "940000573", 421), mco("2023", "940000599", 396),
        mco("2023", "940000649", 10), mco("2023", "750000499", 106),
    )  # fmt: skip
    usld = put(tmp_path, "b.csv", USLD, "USLD;2023;940000573;X;940110018;30;9000")
    assert changes(store, "sae", old, usld) == (5, 0, 0, 0)
    assert changes(store, "sae", old, usld) == (0, 0, 0, 5)
    new = put(tmp_path, "c.csv", MCO, mco("2024", "940000573", 430), mco("2024", "940000599", 396))
    # beds that stay the same are now stated for 2024
    assert changes(store, "sae", new) == (0, 2, 1, 0)
    assert structure(store, "940000573").capacity == {"lits_mco": 430.0, "lits_usld": 30.0}
    assert structure(store, "940000649") is None, "it vanished from the newer table"
    assert structure(store, "750000499") is not None, "another département"
    assert {item.id: item.vintage for item in store.sources()} == {
        "sae-mco": "2024",
        "sae-usld": "2023",
    }
    store.undo("sae")
    assert structure(store, "940000573").capacity["lits_mco"] == 421.0
    assert structure(store, "940000649") is not None


def test_loading_one_departement_leaves_the_others(store, tmp_path):
    path = put(tmp_path, "a.csv", MCO, mco("2023", "940000573", 421), mco("2023", "910000280", 5))
    assert changes(store, "sae", path) == (2, 0, 0, 0)
    less = put(tmp_path, "b.csv", MCO, mco("2024", "910000280", 6), mco("2024", "940000599", 1))
    assert changes(store, "sae", less, departements=("91",)) == (0, 1, 0, 0)
    assert structure(store, "940000573") is not None


def test_a_newer_month_of_activities(store, tmp_path):
    def feed(name: str, *numbers: str) -> Path:
        attributes = {"activiteSocialeRegulee": "358", "modeFonctionnement": "16", "public": "700"}
        record = {
            "caracteristiquesGeneriques": {"etatObjet": "A"},
            "nature": {
                "codeNature": "ASMR",
                "caracteristiquesSpecifiques": {"typeActiviteAMSR": attributes},
            },
            "capacite": [{"nombre": "40", "statutCapacite": "08", "uniteMesureCapacite": "02"}],
            "zoneIntervention": {"communeZI": [{"commune": "94028"}]},
        }
        sites = [{"numFinessEge": number, "activitesExercees": [record]} for number in numbers]
        content = {"generatedAt": "2026-08-18", "pmej": [{"numFiness": "940110018", "ege": sites}]}
        return put(tmp_path, name, json.dumps(content))

    assert changes(store, "activites", feed("a.json", "940000573", "940000599")) == (2, 0, 0, 0)
    assert changes(store, "activites", feed("b.json", "940000573")) == (0, 0, 1, 1)
    found = structure(store, "940000573")
    assert (found.activities, found.covers) == (("ssiad",), ("commune:94028",))


def test_a_profession_never_removes_another(store, tmp_path):
    code = "Code commune INSEE"
    doctors = put(tmp_path, "2023.csv", f"{code};APL aux médecins généralistes", "94028;5,13")
    nurses = put(tmp_path, "2022.csv", f"{code};APL aux infirmières", "94028;96,4")
    assert changes(store, "apl", doctors) == (1, 0, 0, 0)
    assert changes(store, "apl", nurses) == (1, 0, 0, 0)
    (found,) = store.territories(TerritoryQuery(ids=frozenset({"commune:94028"})))
    assert [(fact.topic, fact.date, fact.value, fact.source) for fact in found.figures] == [
        ("apl_generalistes", "2023", 5.13, "apl-generalistes"),
        ("apl_infirmieres", "2022", 96.4, "apl-infirmieres"),
    ]
    assert changes(store, "apl", doctors) == (0, 0, 0, 1)
