"""FINESS feed of activities: synthetic records of every trap, then the real sample of July 2026."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from graph.errors import InputError, UsageError
from graph.messages import LANGUAGES, catalogue
from graph.model import Fact, SourceRecord, StructureClaim
from graph.resolve import conflicts, resolve
from graph.store.port import LoadBatch
from loaders import activites, finess, sae
from loaders.activites.codes import MEANINGS, Code, code_of, meaning_of
from loaders.activites.records import BadCapacityError, Capacity, is_carried_out, total_of, zone_of
from loaders.base import LoadContext

SSIAD = {"activiteSocialeRegulee": "358", "modeFonctionnement": "16", "public": "700"}
ESA = {"activiteSocialeRegulee": "357", "modeFonctionnement": "16", "public": "436"}
EHPAD = {"activiteSocialeRegulee": "924", "modeFonctionnement": "11", "public": "711"}
HAD = {
    "activiteAMM": "QA020",
    "modaliteAMM": "MO000",
    "mentionAMM": "ME001",
    "ptsAMM": "PTS00",
    "declarationAMM": "DE026",
}


def total(number: object, state: str = "08", unit: str = "02", **more: str) -> dict[str, object]:
    return {"nombre": number, "statutCapacite": state, "uniteMesureCapacite": unit, **more}


def activity(
    attributes: dict[str, str],
    nature: str = "ASMR",
    block: str = "AMSR",
    *,
    state: str = "A",
    events: tuple[tuple[str, str], ...] = (("2020-01-01", "012"),),
    capacity: tuple[dict[str, object], ...] = (),
    zone: tuple[str, ...] = (),
    number: str = "1",
    of: str | None = None,
) -> dict[str, object]:
    """Return an activity, authorised or carried out, as the feed writes it."""
    return {
        "caracteristiquesGeneriques": {
            "activiteAeId": number,
            "etatObjet": state,
            "identifiantAutorisation": of,
        },
        "nature": {
            "codeNature": nature,
            "caracteristiquesSpecifiques": {"appareil": [], f"typeActivite{block}": attributes},
        },
        "evenement": [{"dateEvenement": day, "codeEvenement": code} for day, code in events],
        "capacite": list(capacity),
        "zoneIntervention": {"communeZI": [{"commune": c} for c in zone]} if zone else None,
    }


def site(number: str, *activities: dict[str, object]) -> dict[str, object]:
    return {"egeId": "7", "numFinessEge": number, "activitesExercees": list(activities)}


def entity(*sites: dict[str, object], granted: tuple[dict[str, object], ...] = ()) -> object:
    return {"numFiness": "940110018", "activitesAutorisees": list(granted), "ege": list(sites)}


def put(folder: Path, *entities: object, **root: object) -> Path:
    content = {"schemaVersion": "v1.0.0", "generatedAt": "2026-08-18T02:16:50Z", **root}
    path = folder / "synthetic.json"
    path.write_text(json.dumps({**content, "pmej": list(entities)}), encoding="utf-8")
    return path


def load(path: Path, **context: object) -> LoadBatch:
    return activites.read([path], LoadContext(**context))  # type: ignore[arg-type]


def claim(batch: LoadBatch, number: str = "940000573") -> StructureClaim:
    (found,) = [item for item in batch.claims if item.id == number]
    assert isinstance(found, StructureClaim)
    return found


def counted(batch: LoadBatch) -> tuple[int, int, int, int]:
    report = batch.report
    assert report.read == report.kept + report.skipped + report.rejected
    return report.read, report.kept, report.skipped, report.rejected


def codes(batch: LoadBatch) -> list[str]:
    return [item.code for item in [*batch.report.rejections, *batch.report.warnings]]


def test_a_home_nursing_service(tmp_path):
    granted = activity(SSIAD, number="10", zone=("94028", "94022"))
    done = activity(SSIAD, of="10", capacity=(total("40"), total("45", "09")))
    batch = load(put(tmp_path, entity(site("940000573", done), granted=(granted,))))
    found = claim(batch)
    assert (found.level, found.legal_entity, found.part) == ("ET", "940110018", "94")
    assert found.activities == ("ssiad",)
    assert found.capacity == {"places_ssiad": 40.0}
    assert found.covers == ("commune:94022", "commune:94028")
    assert found.facts == (
        Fact(topic="codes_activites_finess", value="ASMR 358 (40 places)"),
        Fact(
            topic="capacite_autorisee",
            value=45,
            unit="places",
            note="ASMR_358_16_700 : Soins infirmiers à domicile",
        ),
    )
    assert (found.name, found.kind, found.category) == (None, None, None)
    assert claim(batch, "940110018").activities == ("ssiad",)
    assert batch.sources[0].vintage == "2026-08-18"
    assert batch.parts == {"94"}
    assert counted(batch) == (2, 2, 0, 0)


def test_the_zone_of_a_specialised_team_is_not_that_of_the_service(tmp_path):
    granted = (
        activity(SSIAD, number="10", zone=("94028",)),
        activity(ESA, number="11", zone=("94028", "94022", "94021")),
    )
    both = site("940000573", activity(SSIAD, of="10"), activity(ESA, of="11"))
    alone = site("940000599", activity(ESA, of="11"))
    batch = load(put(tmp_path, entity(both, alone, granted=granted)))
    assert claim(batch).covers == ("commune:94028",)
    zone = claim(batch).facts[-1]
    assert (zone.topic, zone.value, zone.unit) == ("zone_intervention", 3, "communes")
    assert str(zone.note).startswith("ASMR_357_16_436")
    assert len(claim(batch, "940000599").covers) == 3


def test_a_zone_of_hospital_at_home(tmp_path):
    granted = (
        activity(HAD, "AMM", "AMM", number="10", zone=("75056", "94028")),
        activity({**HAD, "mentionAMM": "ME002"}, "AMM", "AMM", number="11", zone=("94021",)),
    )
    done = [activity(HAD, "AMM", "AMM", of="10")]
    done.append(activity({**HAD, "mentionAMM": "ME002"}, "AMM", "AMM", of="11"))
    found = claim(load(put(tmp_path, entity(site("940000573", *done), granted=granted))))
    assert found.activities == ("had",)
    assert len(found.covers) == 21, "Paris as a whole is its twenty arrondissements"
    assert "commune:75113" in found.covers
    assert "commune:94021" not in found.covers


def test_merged_and_unknown_communes_of_a_zone(tmp_path):
    granted = activity(SSIAD, number="10", zone=("93059", "99999", ""))
    batch = load(
        put(tmp_path, entity(site("930000286", activity(SSIAD, of="10")), granted=(granted,)))
    )
    assert claim(batch, "930000286").covers == ("commune:93066",)
    assert codes(batch) == ["activites.commune", "activites.commune"]


def test_inactive_activities_are_left_out(tmp_path):
    closed = site("940000573", activity(SSIAD, state="I", capacity=(total("40"),)))
    batch = load(put(tmp_path, entity(closed)))
    assert batch.claims == []
    assert counted(batch) == (2, 0, 2, 0)


@pytest.mark.parametrize(
    ("events", "capacity", "running"),
    [
        ((("2020-01-01", "012"),), (), True),
        ((("2020-01-01", "012"), ("2024-01-01", "015")), (total("5"),), False),
        ((("2024-01-01", "15"), ("2025-01-01", "12")), (), True),
        ((("2020-01-01", "010"),), (), False),
        ((), (total("5"),), True),
        ((), (total("0"),), False),
        ((), (total("5", "09"),), False),
        ((), (total("cinq"),), False),
    ],
)
def test_an_activity_granted_but_not_carried_out_is_no_supply(tmp_path, events, capacity, running):
    record = activity(SSIAD, events=events, capacity=capacity)
    assert is_carried_out(record) == running
    found = claim(load(put(tmp_path, entity(site("940000573", record)))))
    assert found.activities == (("ssiad",) if running else ())
    assert bool(found.capacity) == (running and bool(capacity))
    assert "ASMR 358" in str(found.facts[0].value), "its code is kept all the same"


def test_breakdowns_of_a_capacity_are_not_added():
    record = activity(
        EHPAD,
        capacity=(
            total("60"),
            total("20", habilitation="O"),
            total("30", genre="1"),
            total("10", typeLogement="1"),
            total("5", modeFinancement="1"),
            total("62", "09"),
        ),
    )
    assert total_of(record, "08") == Capacity(60, "places")
    assert total_of(record, "09") == Capacity(62, "places")
    assert total_of(activity(EHPAD), "08") is None


@pytest.mark.parametrize("number", ["12 places", "-3", "", "1.5", "²", None])
def test_a_capacity_that_is_no_number_is_refused(tmp_path, number):
    record = activity(EHPAD, capacity=(total(number),))
    with pytest.raises(BadCapacityError):
        total_of(record, "08")
    batch = load(put(tmp_path, entity(site("940000573", record))))
    assert claim(batch).capacity == {}
    assert codes(batch) == ["activites.capacity"]


@pytest.mark.parametrize("totals", [(total("60"), total("60")), (total("60", unit="09"),)])
def test_a_total_that_stands_twice_or_without_unit_is_refused(totals):
    with pytest.raises(BadCapacityError):
        total_of(activity(EHPAD, capacity=totals), "08")


def test_dwellings_are_not_places(tmp_path):
    attributes = {**EHPAD, "activiteSocialeRegulee": "925"}
    both = [
        activity(attributes, capacity=(total("30", unit="03"),)),
        activity({**attributes, "activiteSocialeRegulee": "926"}, capacity=(total("12"),)),
    ]
    found = claim(load(put(tmp_path, entity(site("940000573", *both)))))
    assert found.capacity == {
        "logements_residence_autonomie": 30.0,
        "places_residence_autonomie": 12.0,
    }


def test_capacities_of_one_kind_add_up_and_those_of_a_pasa_do_not(tmp_path):
    records = [
        activity(EHPAD, capacity=(total("60"),)),
        activity({**EHPAD, "public": "436"}, capacity=(total("14"),)),
        activity({**EHPAD, "activiteSocialeRegulee": "961"}, capacity=(total("14"),)),
        activity({**EHPAD, "modeFonctionnement": "21"}, capacity=(total("6"),)),
    ]
    found = claim(load(put(tmp_path, entity(site("940000573", *records)))))
    assert found.capacity == {"places_hebergement_permanent": 74.0, "places_accueil_jour": 6.0}
    assert found.activities == ("accueil_jour", "pasa")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Code("AMF", ("14", "22", "00")), ("samu",)),
        (Code("AMF", ("14", "24", "14")), ("urgences", "urgences_pediatriques")),
        (Code("AMF", ("14", "26", "14")), ("smur",)),
        (Code("AMF", ("01", "00", "01")), ("mco",)),
        (Code("AMF", ("01", "00", "05")), ("had",)),
        (Code("AMF", ("59", "09", "01")), ("smr",)),
        (Code("AMM", ("QA014", "MO031", "ME065", "PTS00", "DE018")), ("smur",)),
        (Code("AMM", ("QA014", "MO032", "ME065", "PTS00", "DE018")), ("urgences",)),
        (Code("AMM", ("QA007", "MO000", "ME000", "PTS00", "DE000")), ("usld",)),
        (Code("AMSR", ("358", "16", "700")), ("ssiad",)),
        (Code("ASMR", ("358", "16", "700")), ("ssiad",)),
    ],
)
def test_codes_whose_meaning_is_certain(code, words):
    meaning = meaning_of(code)
    assert meaning is not None
    assert meaning.words == words


@pytest.mark.parametrize(
    "code",
    [
        Code("ASDR", ("358", "16", "700")),
        Code("AMF", ("14", "99", "00")),
        Code("ASOCR", ("959", "18", "899")),
        Code("ASMR", ("657", "16", "700")),
        Code("XYZ", ("QA020", "MO000", "ME001", "PTS00", "DE026")),
    ],
)
def test_other_codes_get_no_words(code):
    assert meaning_of(code) is None


def test_every_word_and_capacity_has_its_label():
    words = {word for meaning in MEANINGS for word in meaning.words}
    keys = {meaning.capacity for meaning in MEANINGS if meaning.capacity}
    for language in LANGUAGES:
        known = catalogue(language)
        assert {f"activity.{word}" for word in words} <= known.keys()
        assert {f"capacity.{key}" for key in keys} <= known.keys()


def test_a_code_is_read_by_its_block_and_kept_whole():
    nature = activity(HAD, "AMM", "AMM")["nature"]
    assert code_of(nature).text == "AMM_QA020_MO000_ME001_PTS00_DE026"
    assert code_of({"codeNature": "AMM"}) is None
    assert code_of({"codeNature": "AMM", "caracteristiquesSpecifiques": None}) is None
    eml = {
        "codeNature": "EML",
        "caracteristiquesSpecifiques": {"typeActiviteEML": {"typeEmlId": "1"}},
    }
    assert code_of(eml).text == "EML_1"


def test_zones_of_the_site_itself_go_first():
    own, other = activity(SSIAD, zone=("94028",)), activity(SSIAD, zone=("94022",))
    assert zone_of((own, other)) == ("94028",)
    assert zone_of((activity(SSIAD), other)) == ("94022",)
    assert zone_of((activity(SSIAD), None)) == ()


def test_keys_left_out_and_nulls_are_the_same(tmp_path):
    bare = {
        "caracteristiquesGeneriques": {"etatObjet": "A"},
        "nature": {
            "codeNature": "ASMR",
            "caracteristiquesSpecifiques": {"typeActiviteAMSR": dict(SSIAD)},
        },
    }
    nulls = {**bare, "evenement": None, "capacite": None, "zoneIntervention": None}
    empty = {"numFiness": "940110042"}
    null_sites = {"numFiness": "940140023", "activitesAutorisees": None, "ege": None}
    batch = load(
        put(
            tmp_path,
            entity(site("940000573", bare), site("940000599", nulls)),
            empty,
            null_sites,
        )
    )
    assert claim(batch).facts == claim(batch, "940000599").facts
    assert counted(batch) == (5, 2, 3, 0)


def test_the_date_may_stand_under_metadata(tmp_path):
    path = tmp_path / "synthetic.json"
    content = {
        "metadata": {"schemaVersion": "v1.0.1", "generatedAt": "2026-09-01T00:00:00Z"},
        "pmej": [entity(site("940000573", activity(SSIAD)))],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    assert load(path).sources[0].vintage == "2026-09-01"


def test_a_feed_without_date_and_an_older_one_are_said(tmp_path):
    class Store:
        def sources(self):
            return [SourceRecord(id="finess-activites", family="finess", title="t", vintage="2027")]

    records = entity(site("940000573", activity(SSIAD)))
    assert codes(load(put(tmp_path, records), store=Store())) == ["activites.older"]
    assert codes(load(put(tmp_path, records, generatedAt=None))) == ["activites.no_vintage"]


def test_bad_numbers_and_repeated_ones_are_refused(tmp_path):
    batch = load(
        put(
            tmp_path,
            entity(
                site("94000057", activity(SSIAD)),
                site("940000573", activity(SSIAD)),
                site("940000573", activity(ESA)),
                site("940000599", activity({"inconnu": "1"})),
            ),
        )
    )
    assert codes(batch) == [
        "activites.bad_number",
        "activites.duplicate",
        "activites.no_code",
    ]
    assert counted(batch) == (5, 1, 2, 2)
    for item in [*batch.report.rejections, *batch.report.warnings]:
        assert item.reason("fr") != item.reason("en")


def test_only_the_departements_asked_for(tmp_path):
    both = entity(site("940000573", activity(SSIAD)), site("910000280", activity(SSIAD)))
    batch = load(put(tmp_path, both), departements=("91",))
    assert [item.id for item in batch.claims] == ["910000280"]
    assert batch.parts == {"91"}


def test_an_empty_month(tmp_path):
    batch = load(put(tmp_path))
    assert (batch.claims, batch.parts) == ([], frozenset())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a;b\n1;2\n", "activites.not_json"),
        (b"[]", "activites.not_feed"),
        (b'{"gcc": []}', "activites.not_feed"),
        (b'{"pmej": [{"informationsGeneralesPMEJ": {}}]}', "activites.structures"),
        (b'{"generatedAt": "2026-08-18", "pmej": [{"numFiness": "94', "activites.json_cut"),
        (b'{"generatedAt": "2026-08-18", "pmej": [}', "activites.json_bad"),
    ],
)
def test_other_and_broken_files_are_refused(tmp_path, content, code):
    path = tmp_path / "synthetic.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.code == code
    assert caught.value.message("fr") != caught.value.message("en")


def test_a_cut_gzip_file_is_named(tmp_path):
    records = [entity(site(f"9400{n:05}", activity(SSIAD))) for n in range(3000)]
    whole = gzip.compress(put(tmp_path, *records).read_bytes())
    path = tmp_path / "synthetic.json.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.code == "tabular.truncated_gzip"


def test_one_file_at_a_time(tmp_path):
    path = put(tmp_path)
    with pytest.raises(UsageError):
        activites.read([path, path], LoadContext())


@pytest.fixture(scope="module")
def real(shared_data) -> LoadBatch:
    return load(shared_data / "finess-activites-mensuel-202607-echantillon.json.gz")


@pytest.mark.realdata
class TestRealSample:
    def test_counts_worked_out_by_hand(self, real):
        # 22 legal entities and 1,393 establishments; 624 of these have no activity in force
        sites = [item for item in real.claims if item.level == "ET"]
        assert counted(real)[0] == 22 + 1393
        assert len(sites) == 1393 - 624
        assert codes(real) == []

    def test_figures_of_one_service_read_in_the_file(self, real):
        found = claim(real, "510003684")
        assert found.activities == ("esa", "ssiad")
        assert found.capacity == {"places_esa": 10.0, "places_ssiad": 150.0}
        assert len(found.covers) == 2
        had = claim(real, "510002298")
        assert had.activities == ("had",)
        assert len(had.covers) == 117, "the zone of the base authorisation"

    def test_sites_of_hospital_at_home_all_cover_communes(self, real):
        had = [item for item in real.claims if item.level == "ET" and "had" in item.activities]
        assert len(had) == 6
        assert all(item.covers for item in had)

    def test_capacities_are_the_sums_of_installed_totals(self, real, shared_data):
        name = "finess-activites-mensuel-202607-echantillon.json.gz"
        with gzip.open(shared_data / name) as stream:
            content = json.load(stream)
        expected: Counter[str] = Counter()
        for item in content["pmej"]:
            for place in item["ege"]:
                for record in place["activitesExercees"]:
                    spec = record["nature"]["caracteristiquesSpecifiques"]
                    kind = spec.get("typeActiviteAMSR", {}).get("activiteSocialeRegulee")
                    if record["caracteristiquesGeneriques"]["etatObjet"] == "A" and kind == "358":
                        for one in record["capacite"]:
                            if one["statutCapacite"] == "08" and not one["habilitation"]:
                                expected[place["numFinessEge"]] += int(one["nombre"])
        stated = {
            i.id: i.capacity["places_ssiad"] for i in real.claims if "places_ssiad" in i.capacity
        }
        assert stated == dict(expected)

    def test_one_hospital_seen_by_three_sources(self, real, shared_data):
        number = "750150104"
        feed = finess.read(
            [shared_data / "finess-structures-mensuel-202607-echantillon.json.gz"], LoadContext()
        )
        survey = sae.read(sorted(shared_data.glob("sae_2023_*_idf.csv")), LoadContext())
        sources = {s.id: s for batch in (real, feed, survey) for s in batch.sources}
        pairs = [
            (item, sources[item.source])
            for batch in (real, feed, survey)
            for item in batch.claims
            if item.id == number
        ]
        shown = resolve("structure", pairs)
        assert shown.legal_entity == "750078115"
        assert shown.capacity == {"lits_mco": 321.0, "places_mco": 63.0}
        assert {"mco", "psychiatrie", "dialyse"} <= set(shown.activities)
        differences = conflicts(pairs)
        assert {item.value for item in differences["legal_entity"]} == {"750078115", "750720476"}
        assert "capacity" not in differences
