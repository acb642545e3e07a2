"""Communes found by code and by name, on the bundled file."""

import pytest

from loaders.communes import Commune, CommuneIndex


@pytest.fixture(scope="module")
def index() -> CommuneIndex:
    return CommuneIndex.bundled()


def codes(found: tuple[Commune, ...]) -> list[str]:
    return [commune.code for commune in found]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("L'Haÿ-les-Roses", "94038"),
        ("L’HAY LES ROSES", "94038"),
        ("Hay-les-Roses", "94038"),
        ("Kremlin-Bicetre", "94043"),
        ("VILLENEUVE ST GEORGES CEDE", "94078"),
        ("94010 CRETEIL CEDEX", "94028"),
        ("VILLEJUIF CEDEX 2", "94076"),
        ("Villeneuve-lez-Avignon", "30351"),
        ("Villeneuve d Ascq", "59009"),
        ("Pierrefitte-sur-Seine", "93066"),
        ("Paris 13e", "75113"),
        ("PARIS CEDEX 13", "75113"),
        ("Paris 01", "75101"),
        ("Paris 1er Arrondissement", "75101"),
        ("Marseille 3e arrondissement", "13203"),
        ("Lyon 8ème", "69388"),
    ],
)
def test_name_as_people_write_it(index: CommuneIndex, written: str, code: str) -> None:
    assert codes(index.find(written)) == [code]


def test_name_with_its_article_is_not_another_article(index: CommuneIndex) -> None:
    assert codes(index.find("La Garde")) == ["04092", "38177", "83062"]
    assert codes(index.find("Garde")) == ["04092", "38177", "83062"]
    assert index.find("Les Garde") == index.find("Garde")  # no such article: all candidates


def test_several_are_all_given_and_narrowed(index: CommuneIndex) -> None:
    assert codes(index.find("Saint-Denis")) == ["11339", "30247", "93066", "97411"]
    assert codes(index.find("St Denis", departement="93")) == ["93066"]
    assert codes(index.find("St Denis", postal_code="93210")) == ["93066"]
    assert codes(index.find("St Denis", postal_code="93205")) == ["93066"]  # CEDEX
    assert codes(index.find("Paris", postal_code="75013")) == ["75113"]
    assert len(index.find("Paris")) == 20


def test_contradiction_finds_nothing(index: CommuneIndex) -> None:
    assert index.find("Créteil", postal_code="75012") == ()
    assert index.find("Créteil", departement="75") == ()
    assert index.find("Paris 21e") == ()
    assert index.find("") == ()


def test_every_commune_is_found_by_its_own_name(index: CommuneIndex) -> None:
    every = [index.by_code(code) for code in ("01001", "2A004", "75120", "94028", "97411", "98735")]
    for commune in every:
        assert commune is not None
        assert commune in index.find(commune.name, commune.departement)
    assert len(index) == 35011


def test_codes_are_followed_to_today(index: CommuneIndex) -> None:
    assert index.current("94028") == ("94028",)
    assert index.current("93059") == ("93066",)
    assert index.current("75038") == ("94038",)  # département de la Seine
    assert index.current("75056") == tuple(f"751{k:02d}" for k in range(1, 21))
    assert len(index.current("69232")) == 9  # merged into Lyon, hence its arrondissements
    assert index.current("2a004") == ("2A004",)
    assert index.current("99999") == ()


def test_commune_carries_what_resolves_names(index: CommuneIndex) -> None:
    assert index.by_code("94038") == Commune("94038", "L'Haÿ-les-Roses", "94", "943", ("94240",))
    assert index.by_code("75056") is None


def test_circular_old_codes_end() -> None:
    synthetic = CommuneIndex([], [("a", "b", ""), ("b", "a", "")])
    assert synthetic.current("a") == ()


def test_a_former_name_is_found_where_it_was_even_if_it_lives_on_elsewhere() -> None:
    small = CommuneIndex(
        [
            Commune("05024", "Valdoule", "05", None, ()),
            Commune("08390", "Sainte-Marie", "08", None, ()),
        ],
        [("05150", "05024", "Sainte-Marie")],
    )
    assert codes(small.find("Sainte-Marie")) == ["08390"]
    assert codes(small.find("Sainte-Marie", departement="05")) == ["05024"]
    assert small.find("Sainte-Marie", departement="06") == ()


def test_communes_of_a_departement(index: CommuneIndex) -> None:
    assert len(index.of_departement("94")) == 47
    assert len(index.of_departement("2a")) > 100
    assert index.of_departement("00") == []
