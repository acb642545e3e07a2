"""Values are kept per source; the published precedence picks the one shown (synthetic claims)."""

from graph.model import CooperationClaim, Fact, Party, SourceRecord, StructureClaim
from graph.resolve import PRECEDENCE, conflicts, evidence, resolve

SEED = SourceRecord(id="seed-003", family="seed", title="Article")
SAE = SourceRecord(id="sae-2023", family="sae", title="SAE", vintage="2023")
FINESS = SourceRecord(id="finess", family="finess", title="FINESS", vintage="2026-07")
OLD_FINESS = SourceRecord(id="finess-old", family="finess", title="FINESS", vintage="2021-01-08")
REGISTER = SourceRecord(id="register", family="register", title="Registre")


def claim(source: SourceRecord, **values: object) -> tuple[StructureClaim, SourceRecord]:
    return StructureClaim(id="750150104", source=source.id, locator="l. 1", **values), source


def test_the_order_of_claims_does_not_matter():
    pairs = [
        claim(SEED, name="Institut Mutualiste Montsouris"),
        claim(SAE, name="INSTITUT MUTUALISTE MONTSOURIS", legal_entity="750720476"),
        claim(FINESS, name="NOUVEL IMM", legal_entity="750078115"),
    ]
    shown = resolve("structure", pairs)
    assert shown == resolve("structure", pairs[::-1])
    assert shown.legal_entity == "750078115"
    assert shown.sources == ("finess", "sae-2023", "seed-003")


def test_people_read_the_usage_name_and_find_the_others():
    shown = resolve(
        "structure",
        [claim(SEED, name="Clinique Boyer"), claim(FINESS, name="CLINIQUE DU DR BOYER")],
    )
    assert shown.name == "Clinique Boyer"
    assert shown.other_names == ("CLINIQUE DU DR BOYER",)


def test_a_spelling_that_folds_alike_is_no_other_name():
    shown = resolve(
        "structure", [claim(SEED, name="Clinique Bel-Air"), claim(FINESS, name="CLINIQUE BEL AIR")]
    )
    assert shown.other_names == ()


def test_the_latest_vintage_of_a_family_wins():
    shown = resolve(
        "structure", [claim(OLD_FINESS, commune="92062"), claim(FINESS, commune="92044")]
    )
    assert shown.commune == "92044"


def test_a_position_is_never_made_of_two_sources():
    shown = resolve(
        "structure",
        [
            claim(FINESS, longitude=2.3, latitude=48.8, precision="adresse"),
            claim(REGISTER, latitude=10.0, precision="commune"),
        ],
    )
    assert (shown.longitude, shown.latitude, shown.precision) == (2.3, 48.8, "adresse")


def test_where_it_stands_is_what_the_latest_official_file_says():
    shown = resolve(
        "structure",
        [
            claim(OLD_FINESS, commune="92062", address="Puteaux", category="127"),
            claim(SAE, commune="92044", address="Levallois", category="128"),
        ],
    )
    assert (shown.commune, shown.address, shown.category) == ("92044", "Levallois", "127")


def test_a_stated_no_is_a_value():
    pairs = [
        (CooperationClaim(id="c", source="register", locator="l", indefinite=False), REGISTER),
        (CooperationClaim(id="c", source="seed-003", locator="l", indefinite=True), SEED),
    ]
    assert resolve("cooperation", pairs).indefinite is False


def test_conflicts_are_listed_with_who_says_what():
    pairs = [claim(SAE, legal_entity="750720476"), claim(FINESS, legal_entity="750078115")]
    found = conflicts(pairs)
    assert set(found) == {"legal_entity"}
    assert [(item.value, item.source) for item in found["legal_entity"]] == [
        ("750078115", "finess"),
        ("750720476", "sae-2023"),
    ]
    assert conflicts(pairs[:1]) == {}


def test_every_value_shown_is_in_its_evidence():
    pairs = [
        claim(SEED, name="A", covers=("commune:94028",)),
        claim(SAE, name="B", kind="HAD", capacity={"HAD": 3}),
    ]
    shown, said = resolve("structure", pairs), evidence(pairs)
    for field in ("name", "kind", "covers", "capacity"):
        assert getattr(shown, field) in [item.value for item in said[field]]


def test_facts_keep_the_source_that_states_them():
    pairs = [
        claim(SEED, facts=(Fact(topic="Lits", value=3),)),
        claim(SAE, facts=(Fact(topic="Lits", value=4),)),
    ]
    assert [(fact.value, fact.source) for fact in resolve("structure", pairs).facts] == [
        (4, "sae-2023"),
        (3, "seed-003"),
    ]


def test_parties_unite_and_the_first_family_describes_them():
    pairs = [
        (
            CooperationClaim(
                id="c", source="register", locator="l", parties=(Party(structure="1", level="EJ"),)
            ),
            REGISTER,
        ),
        (
            CooperationClaim(
                id="c",
                source="seed-003",
                locator="l",
                parties=(Party(structure="1"), Party(structure="2")),
            ),
            SEED,
        ),
    ]
    parties = resolve("cooperation", pairs).parties
    assert [(party.structure, party.level) for party in parties] == [("1", "EJ"), ("2", None)]


def test_precedence_names_each_family_once():
    assert len(set(PRECEDENCE)) == len(PRECEDENCE)
