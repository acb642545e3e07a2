"""The reference loader, on the bundled folder and on small synthetic ones."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.errors import InputError, MaillageError, UsageError
from graph.model import CooperationClaim, MembershipClaim, StructureClaim
from graph.resolve import conflicts, resolve
from graph.store.port import LoadBatch, Rejection
from loaders.base import LoadContext
from loaders.reference import FOLDER, SPEC, read
from loaders.reference_cells import COLUMNS

GHT = "ght:940110018"
Write = Callable[..., Path]

# A synthetic ecosystem: two structures, an agreement and its amendment, one source.
SYNTHETIC = {
    "sources": ["essai,seed,,Source d’essai,2020,,,2020,"],
    "structures": [
        "940999991,Hôpital d’essai,HE,HOPITAL,ET,94028,commune:94028,,,essai,ligne 1",
        "dac:essai,DAC d’essai,,DAC,,,,,,essai,ligne 2",
    ],
    "values": ["940999991,official_name,HOP ESSAI,essai,ligne 3,confirmed,"],
    "memberships": ["940999991,dac:essai,membre,2019,2021,,essai,ligne 4"],
    "cooperations": [
        "accord,Accord,convention_cadre,,a|b,,amont,,,,2020-01,,2022,,,,no,public,,essai,l. 5",
        "avenant,Avenant,autre,,,,,,accord,,,,,2021,,940999991,yes,public,,essai,l. 6",
    ],
    "parties": [
        "accord,940999991,signataire,ET,,essai,ligne 7",
        "accord,dac:essai,partenaire,,,essai,ligne 8",
    ],
    "facts": ["accord,postes,12,postes,exact,prevu,2021,essai,ligne 9,"],
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_folder(**extra: str) -> Path:
        for name, columns in COLUMNS.items():
            rows = [*SYNTHETIC[name], *([extra[name]] if name in extra else [])]
            text = "\n".join([",".join(columns), *rows]) + "\n"
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return tmp_path

    return write_folder


@pytest.fixture(scope="module")
def bundled() -> LoadBatch:
    return read([], LoadContext())


def structures(batch: LoadBatch) -> dict[tuple[str, str], StructureClaim]:
    claims = [claim for claim in batch.claims if isinstance(claim, StructureClaim)]
    return {(claim.id, claim.source): claim for claim in claims}


def cooperations(batch: LoadBatch) -> dict[tuple[str, str], CooperationClaim]:
    claims = [claim for claim in batch.claims if isinstance(claim, CooperationClaim)]
    return {(claim.id, claim.source): claim for claim in claims}


def only_rejection(folder: Path) -> Rejection:
    report = read([folder], LoadContext()).report
    assert (report.rejected, report.read) == (1, report.kept + 1)
    (rejection,) = report.rejections
    for language in ("fr", "en"):
        assert len(rejection.reason(language)) > 20
    return rejection


def test_bundled_folder_is_taken_whole(bundled: LoadBatch) -> None:
    rows = sum(
        len((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()) - 1
        for name in COLUMNS
    )
    assert bundled.report.rejections == []
    assert bundled.report.read == bundled.report.kept == rows
    assert bundled.series == SPEC.id
    assert not bundled.guarded


def test_one_claim_for_each_thing_and_source_and_each_source_declared(bundled: LoadBatch) -> None:
    keys = [(type(claim), claim.id, claim.source) for claim in bundled.claims]
    assert len(keys) == len(set(keys))
    assert {source for _, _, source in keys} <= {source.id for source in bundled.sources}
    assert all(claim.locator for claim in bundled.claims)


def test_same_folder_twice_gives_the_same_batch(bundled: LoadBatch) -> None:
    again = read([], LoadContext())
    assert again.claims == bundled.claims
    assert again.checksum == bundled.checksum


def test_confluence_conventions_are_attested_with_no_site_and_no_signatory(
    bundled: LoadBatch,
) -> None:
    found = [
        claim
        for claim in cooperations(bundled).values()
        if claim.source == "seed-003" and claim.locator.startswith("§6")
    ]
    assert len(found) == 30
    for claim in found:
        assert (claim.attested, claim.signed, claim.effective, claim.end) == ("2021..2022",) + (
            None,
        ) * 3
        assert (claim.sites, claim.sites_stated, claim.stage) == ((), False, None)
        (group,) = [party for party in claim.parties if party.structure == GHT]
        assert (group.level, group.note) == ("GHT", "signataire non précisé")
    partners = {party.structure for claim in found for party in claim.parties} - {GHT}
    assert len(partners) == 29  # 28 named organisations and the filière of the 20 EHPAD
    cpam = [claim for claim in found if "institution:cpam-94" in str(claim.parties)]
    assert {claim.type for claim in cpam} == {"convention_cadre", "prado"}


def test_two_articles_keep_their_own_year_for_the_programme(bundled: LoadBatch) -> None:
    claims = cooperations(bundled)
    starts = {
        source: claims["aphp-medecins-partenaires", source].effective
        for source in ("seed-000", "seed-001", "seed-002")
    }
    assert starts == {"seed-000": "2017", "seed-001": None, "seed-002": "2016"}


def test_announced_is_not_achieved(bundled: LoadBatch) -> None:
    claims = cooperations(bundled)
    planned = {key for key, claim in claims.items() if claim.stage}
    assert planned == {
        ("aphp-appel-medecins-generalistes-urgences", "seed-002"),
        ("aphp-gennevilliers-cellule-coordination", "seed-000"),
        ("ars-constitution-cpts-ile-de-france", "seed-004"),
    }
    posts = claims["aphp-assistants-partages", "seed-002"].facts
    assert {(fact.value, fact.modality, fact.date) for fact in posts} == {
        (12.0, "constate", "2018-11"),
        (36.0, "prevu", "2019-11-01"),
    }


def test_a_count_without_names_stays_a_count(bundled: LoadBatch) -> None:
    ehpad = cooperations(bundled)["confluence-ehpad-filiere-geriatrique", "seed-003"]
    assert [(fact.value, fact.unit) for fact in ehpad.facts] == [(20.0, "EHPAD")]
    assert not [claim for claim in structures(bundled).values() if claim.kind == "EHPAD"]
    cms = structures(bundled)["autre:campus-hospitalo-universitaire-grand-paris-nord", "seed-000"]
    assert [(fact.value, fact.unit) for fact in cms.facts] == [
        (None, "centres municipaux de santé")
    ]


def test_the_group_has_two_members_and_four_seats(bundled: LoadBatch) -> None:
    claims = [claim for claim in bundled.claims if isinstance(claim, MembershipClaim)]
    members = {claim.member for claim in claims if claim.group == GHT}
    seats = {claim.group for claim in claims if claim.member == GHT and claim.role == "siege"}
    assert members == {"940110018", "940110042"}
    assert len(seats) == 4


def test_sources_that_differ_are_all_kept(bundled: LoadBatch) -> None:
    records = {source.id: source for source in bundled.sources}
    pairs = [(claim, records[claim.source]) for claim in bundled.claims if claim.id == "750150104"]
    said = {statement.source: statement.value for statement in conflicts(pairs)["legal_entity"]}
    assert said == {
        "finess-2026-07": "750078115",
        "finess-2021": "750720476",
        "sae-2023": "750720476",
    }
    assert resolve("structure", pairs).name == "Institut Mutualiste Montsouris"


def test_candidates_are_never_taken_for_numbers(bundled: LoadBatch) -> None:
    claims = structures(bundled)
    candidates = {key[0]: claim.candidates for key, claim in claims.items() if claim.candidates}
    assert candidates == {
        "association:asm-13": ("750720914",),
        "clinique:bel-air": ("910310010",),
        "clinique:villecresnes": ("940300452",),
        "cms:gennevilliers": ("920010329", "920024924", "920807708"),
        "groupement:abcd": ("940070071",),
    }
    for id_ in candidates:
        assert not [claim for key, claim in claims.items() if key[0] == id_ and claim.legal_entity]
        assert not [claim for key, claim in claims.items() if key[0] == id_ and claim.longitude]


def test_synthetic_folder_is_read_with_its_details(write: Write) -> None:
    batch = read([write()], LoadContext())
    assert batch.report.rejections == []
    assert batch.guarded
    hospital = structures(batch)["940999991", "essai"]
    assert (hospital.name, hospital.other_names) == ("Hôpital d’essai", ("HE", "HOP ESSAI"))
    assert hospital.locator == "ligne 1 ; ligne 3"
    accord = cooperations(batch)["accord", "essai"]
    assert (accord.signed, accord.end, accord.themes) == ("2020-01", "2022", ("a", "b"))
    assert [party.role for party in accord.parties] == ["signataire", "partenaire"]
    assert cooperations(batch)["avenant", "essai"].parent == "accord"


@pytest.mark.parametrize(
    ("table", "row", "field", "code"),
    [
        ("sources", "x,inconnue,,Titre,,,,,", "family", "not_allowed"),
        ("sources", "essai,seed,,Autre,,,,,", "id", "duplicate"),
        ("structures", "dac:x,X,,PALAIS,,,,,,essai,l", "kind", "not_allowed"),
        ("structures", "94099999,X,,HOPITAL,,,,,,essai,l", "id", "bad_structure_id"),
        ("structures", "palais:x,X,,HOPITAL,,,,,,essai,l", "id", "bad_structure_id"),
        ("structures", "dac:x,X,,DAC,,99999,,,,essai,l", "commune", "bad_commune"),
        ("structures", "dac:x,X,,DAC,,93059,,,,essai,l", "commune", "old_commune"),
        ("structures", "dac:x,X,,DAC,,,94,,,essai,l", "covers", "bad_territory"),
        ("structures", "dac:x,X,,DAC,,,,,,autre,l", "source", "unknown_source"),
        ("structures", "dac:x,X,,DAC,,,,,,essai,", "locator", "missing"),
        ("structures", "dac:essai,Autre nom,,DAC,,,,,,essai,l", "name", "said_twice"),
        ("structures", "dac:x,X", "structures", "cells"),
        ("values", "dac:essai,legal_entity,94000057A,essai,l,confirmed,", "value", "bad_finess"),
        ("values", "dac:essai,latitude,6862308.85,essai,l,confirmed,", "value", "bad_position"),
        ("values", "dac:essai,longitude,deux,essai,l,confirmed,", "value", "bad_number"),
        ("values", "dac:essai,couleur,bleu,essai,l,confirmed,", "field", "not_allowed"),
        ("values", "dac:essai,commune,94028,essai,l,candidate,", "status", "candidate"),
        ("values", "dac:autre,commune,94028,essai,l,confirmed,", "id", "unknown_structure"),
        ("memberships", "dac:essai,940999991,roi,,,,essai,l", "role", "not_allowed"),
        (
            "memberships",
            "dac:essai,940999991,membre,2022,2021,,essai,l",
            "until",
            "end_before_start",
        ),
        (
            "cooperations",
            "accord,Bis,autre,,,,,,,,,,,,,,no,public,,essai,l",
            "id",
            "duplicate",
        ),
        (
            "cooperations",
            "c,C,autre,,,,,,rien,,,,,,,,no,public,,essai,l",
            "parent",
            "not_allowed",
        ),
        (
            "cooperations",
            "c,C,autre,,,,,,,,2022,,2020-05,,,,no,public,,essai,l",
            "end",
            "end_before_start",
        ),
        (
            "cooperations",
            "c,C,autre,,,,,,,,ete 2022,,,,,,no,public,,essai,l",
            "signed",
            "bad_date",
        ),
        ("parties", "rien,940999991,partenaire,,,essai,l", "cooperation", "unknown_cooperation"),
        ("parties", "accord,940999991,partenaire,ETAT,,essai,l", "level", "not_allowed"),
        ("facts", "rien,postes,1,,,prevu,,essai,l,", "subject", "unknown_structure"),
        ("facts", "accord,postes,1,,peut-etre,prevu,,essai,l,", "qualifier", "not_allowed"),
    ],
)
def test_a_row_that_does_not_hold_is_rejected_and_said(
    write: Write, table: str, row: str, field: str, code: str
) -> None:
    rejection = only_rejection(write(**{table: row}))
    line = len(SYNTHETIC[table]) + 2
    assert (rejection.row, rejection.field) == (f"{table}.csv:{line}", field)
    assert rejection.code == f"reference.{code}"


def test_a_rejected_value_leaves_nothing_behind(write: Write) -> None:
    sound = read([write()], LoadContext()).claims
    folder = write(values="dac:essai,latitude,91,essai,ligne 99,confirmed,")
    assert read([folder], LoadContext()).claims == sound


def test_a_missing_table_a_missing_column_and_a_file_are_named(write: Write) -> None:
    folder = write()
    with pytest.raises(InputError) as not_a_folder:
        read([folder / "facts.csv"], LoadContext())
    path = folder / "facts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("topic", "topics"), encoding="utf-8")
    with pytest.raises(InputError) as column:
        read([folder], LoadContext())
    path.unlink()
    with pytest.raises(InputError) as table:
        read([folder], LoadContext())
    messages = [error.value.message("fr") for error in (not_a_folder, column, table)]
    assert ["facts.csv" in message for message in messages] == [True, True, True]
    assert "topic" in messages[1]


def test_two_folders_at_once_are_a_usage_error(write: Write) -> None:
    folder = write()
    with pytest.raises(UsageError) as error:
        read([folder, folder], LoadContext())
    assert isinstance(error.value, MaillageError)
    assert "2" in error.value.message("fr")


def test_a_copy_of_the_bundled_folder_elsewhere_reads_the_same(
    tmp_path: Path, bundled: LoadBatch
) -> None:
    copy = tmp_path / "copie"
    shutil.copytree(FOLDER, copy)
    assert read([copy], LoadContext()).claims == bundled.claims
