"""Headings: recognised for certain, proposed, or mapped in a profile. Registers are synthetic."""

from pathlib import Path

import msgspec
import pytest

from graph.errors import InputError, UsageError
from graph.identifiers import fold
from graph.messages import LANGUAGES
from loaders.conventions import (
    Profile,
    fitting_profiles,
    list_profiles,
    load_profile,
    preview,
    read_register,
    save_profile,
)
from loaders.conventions.fields import BY_ID, FIELDS, heading, known_headings, synonyms
from loaders.conventions.headings import propose, recognise
from tests.support.registers import agreements, context, write_csv, write_xlsx

ROWS = [
    {
        "Code interne": "K-7",
        "Quoi": "Filière gériatrique",
        "Avec": "Clinique Boyer // DAC 94 Nord",
        "Etat du dossier": "en cours",
        "Signé": "03/04/2024",
        "Couleur": "bleu",
    }
]
PROFILE = Profile(
    name="Direction synthétique",
    columns={
        "Code interne": "number",
        "Quoi": "title",
        "Avec": "partners",
        "Etat du dossier": "status",
        "Signé": "signed",
        "Couleur": "",
    },
    values={"status": {"en cours": "en_vigueur"}},
    separators=("//",),
    date_order="mdy",
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("loaders.conventions.profile.user_config_path", lambda *_a, **_k: tmp_path)
    return tmp_path / "profiles"


def test_no_heading_stands_for_two_fields() -> None:
    for language in LANGUAGES:
        headings = [fold(heading(field.id, language)) for field in FIELDS]
        assert len(set(headings)) == len(headings)
    words = [(fold(word), field) for field, listed in synonyms().items() for word in listed]
    assert len({word for word, _ in words}) == len({*words}), "a synonym stands for two fields"
    assert set(synonyms()) <= set(BY_ID)
    template = {fold(heading(field.id, "fr")): field.id for field in FIELDS}
    assert {known_headings()[fold(word)] for word in template} == set(BY_ID)


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("N° DE CONVENTION", "number"),
        ("Intitulé de la convention", "title"),
        ("Partenaire(s)", "partners"),
        ("Partenaire 2", "partners"),
        ("Date de signature (jj/mm/aaaa)", "signed"),
        ("Date d'échéance", "end"),
        ("Durée (mois)", "duration"),
        ("Tacite reconduction *", "renewal"),
        ("End date", "end"),
        ("N° FINESS", "partner_finess"),
    ],
)
def test_headings_in_use_are_recognised(written: str, field: str) -> None:
    (column,) = recognise([written])
    assert (column.field, column.how) == (field, "certain")


@pytest.mark.parametrize("written", ["Établissement", "Machin", "Date", "Validité", "Fin ou début"])
def test_what_could_be_several_things_is_not_taken(written: str) -> None:
    (column,) = recognise([written])
    assert (column.field, column.how) == (None, "unknown")


def test_a_slip_is_taken_and_said_a_guess_only_proposed() -> None:
    slip, guess = recognise(["Partenaries", "Nom du cocontractant public"])
    assert (slip.field, slip.how) == ("partners", "close")
    assert guess.field is None
    assert "partners" in {item.field for item in guess.proposals}
    assert [item.score for item in propose("Date de signatur")] == sorted(
        (item.score for item in propose("Date de signatur")), reverse=True
    )


def test_headings_mapped_once_are_read_with_their_words_separators_and_dates(
    tmp_path: Path, folder: Path
) -> None:
    path = write_csv(tmp_path / "r.csv", ROWS)
    with pytest.raises(InputError) as before:
        read_register([path], context())
    assert before.value.code in {"register.columns", "register.columns_alike"}
    assert save_profile(PROFILE).parent == folder
    with pytest.raises(InputError) as known:
        read_register([path], context())
    assert known.value.code == "register.profile_fits"
    assert "Direction synthétique" in known.value.message("fr")
    batch = read_register([path], context(profile="Direction synthétique"))
    claim = agreements(batch)["K-7"]
    assert claim.signed == "2024-03-04"
    assert len(claim.parties) == 3
    assert batch.report.rejections == []
    assert batch.report.warnings == []


def test_a_profile_goes_to_a_file_and_back(tmp_path: Path, folder: Path) -> None:
    assert list_profiles() == []
    saved = save_profile(PROFILE, tmp_path / "ailleurs" / "p.json")
    assert load_profile(str(saved)) == PROFILE
    save_profile(PROFILE)
    assert [profile.name for profile in list_profiles()] == ["Direction synthétique"]
    assert load_profile("direction synthétique") == PROFILE
    assert fitting_profiles(["code INTERNE", "Quoi", "avec", "ETAT du dossier", "signé", "Couleur"])
    assert fitting_profiles(["Quoi"]) == []
    (folder / "casse.json").write_text("{", encoding="utf-8")
    assert [profile.name for profile in list_profiles()] == ["Direction synthétique"]


def test_a_profile_written_by_hand_in_toml(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('separators = ["//"]\n[columns]\n"Avec" = "partners"\n', encoding="utf-8")
    profile = load_profile(str(path))
    assert (profile.name, profile.columns, profile.separators) == (
        "p",
        {"Avec": "partners"},
        ("//",),
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "register.profile_unreadable"),
        (b'{"colonnes": {}}', "register.profile_unreadable"),
        (b'{"date_order": "dym"}', "register.profile_unreadable"),
        (b'{"columns": {"Avec": "partenaires"}}', "register.profile_field"),
        (b'{"values": {"status": {"ok": "bon"}}}', "register.profile_value"),
    ],
)
def test_a_bad_profile_says_what_is_allowed(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_profile(str(path))
    assert caught.value.code == code
    assert "p.json" in caught.value.message("fr")


def test_an_unknown_profile_lists_those_there_are(folder: Path) -> None:
    save_profile(PROFILE)
    assert folder.is_dir()
    with pytest.raises(UsageError) as caught:
        load_profile("autre")
    assert "Direction synthétique" in caught.value.message("fr")


def test_a_preview_shows_what_would_be_read(tmp_path: Path, folder: Path) -> None:
    path = write_xlsx(tmp_path / "r.xlsx", [["Titre"], list(ROWS[0]), list(ROWS[0].values())])
    seen = preview(path)
    assert seen.sheet().missing
    assert {column.how for column in seen.sheet().columns} >= {"unknown"}
    save_profile(PROFILE)
    assert folder.is_dir()
    mapped = preview(path, PROFILE)
    assert mapped.profiles == ("Direction synthétique",)
    sheet = mapped.sheet("Registre")
    assert (sheet.missing, sheet.count) == ((), 1)
    assert sheet.rows == (tuple(ROWS[0].values()),)
    assert {column.heading: column.field for column in sheet.columns}["Quoi"] == "title"
    assert msgspec.json.encode(mapped)
    with pytest.raises(UsageError):
        mapped.sheet("Autre")
