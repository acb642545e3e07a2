"""What a page puts forward for headings of another house. Registers are synthetic."""

from pathlib import Path

import pytest

from explorer.services.mapping import headings_of, keep_profile, read_twice
from tests.support.registers import write_csv


@pytest.fixture(autouse=True)
def _own_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("loaders.conventions.profile.user_config_path", lambda *_a, **_k: tmp_path)


def _register(tmp_path: Path, *headings: str) -> Path:
    return write_csv(tmp_path / "r.csv", [dict.fromkeys(headings, "x")])


def test_no_field_is_put_forward_for_two_columns(tmp_path: Path) -> None:
    path = _register(tmp_path, "Titre de l'acte", "Intitulé du document", "Machin")
    found = headings_of(path, "fr")
    assert {item.text: item.proposed for item in found.columns} == {
        "Titre de l'acte": None,
        "Intitulé du document": "title",
        "Machin": None,
    }


def test_what_a_column_already_holds_is_not_put_forward(tmp_path: Path) -> None:
    path = _register(tmp_path, "Intitulé", "Titre de l'acte")
    assert [item.proposed for item in headings_of(path, "fr").columns] == [None, None]


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("Réf. interne", "number"),
        ("Libellé du dossier", "title"),
        ("Avec qui", "partners"),
        ("Genre", "type"),
        ("Signé le", "signed"),
        ("Prend effet le", "effective"),
        ("Jusqu'au", "end"),
        ("Sujets", "themes"),
        ("Qui suit", "internal_owner"),
    ],
)
def test_headings_of_a_first_register_are_recognised(
    tmp_path: Path, written: str, field: str
) -> None:
    (column,) = headings_of(_register(tmp_path, written), "fr").columns
    assert (column.field, column.how) == (field, "certain")


def test_one_field_read_from_two_columns_is_told(tmp_path: Path) -> None:
    path = _register(tmp_path, "Intitulé", "Partenaires", "Quoi", "Qui", "Ville 1", "Ville 2")
    found = headings_of(path, "fr")
    chosen = {"Quoi": "title", "Ville 1": "partner_commune", "Ville 2": "partner_commune"}
    assert read_twice(found, chosen, "fr") == (("Intitulé", ("Intitulé", "Quoi")),)
    assert read_twice(found, {**chosen, "Quoi": None}, "fr") == ()


def test_a_mapping_kept_can_be_looked_at_again(tmp_path: Path) -> None:
    path = _register(tmp_path, "Quoi", "Partenaires")
    keep_profile("maison", {"Quoi": "title"})
    found = headings_of(path, "fr", profile="maison")
    assert found.complete
    assert [(item.text, item.how) for item in found.columns if item.how != "certain"] == [
        ("Quoi", "profile")
    ]
