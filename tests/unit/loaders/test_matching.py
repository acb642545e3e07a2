"""Names written by hand against names of files. Synthetic stores, then the real FINESS names."""

import random
from collections import Counter
from pathlib import Path

import pytest

from graph.model import StructureValues
from loaders.communes import CommuneIndex
from loaders.kinds import kind_of
from loaders.matching import CLEAR, Match, Named, NameIndex
from loaders.name_types import parse_name
from tests.support.fhir import FILES, Establishment, establishments

TOWNS = {"94028": "Créteil", "94078": "Villeneuve-Saint-Georges", "91114": "Brunoy"}


def index(*structures: tuple[str, dict[str, object]]) -> NameIndex:
    named = [Named(key, StructureValues(**values)) for key, values in structures]  # type: ignore[arg-type]
    return NameIndex(named, TOWNS.get)


def hospital(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "kind": "HOPITAL", "level": "ET", **more}


SMALL = index(
    ("1", hospital("HOPITAL SAINT CAMILLE", commune="94028")),
    ("2", {"name": "EHPAD SAINT CAMILLE", "kind": "EHPAD", "level": "ET"}),
    ("3", {"name": "CLINIQUE DU DR BOYER", "kind": "CLINIQUE", "level": "ET", "commune": "94078"}),
    ("4", {"name": "HOPITAL PRIVE CLAUDE GALIEN", "kind": "CLINIQUE", "level": "ET"}),
    ("5", {"name": "CLINIQUE BEL AIR", "kind": "CLINIQUE", "level": "ET"}),
    ("6", {"name": "CHU EMMAUS", "kind": "AUTRE", "category": "219"}),
    ("7", {"name": "CMS LES IRIS", "kind": "AUTRE", "category": "405"}),
    ("8", {"name": "CMS HENRI DRET", "kind": "CMS", "category": "124"}),
    ("9", {"name": "RESTOS DU COEUR", "other_names": ("Les Restos",), "kind": "ASSOCIATION"}),
)


def best(match: Match) -> str | None:
    return match.best.id if match.best else None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Hôpital Saint-Camille", "1"),
        ("hopital st camille", "1"),
        ("EHPAD Saint Camille", "2"),
        ("Clinique Boyer", "3"),
        ("Hôpital privé Claude Gallien", "4"),
        ("Hôpital privé Claude-Galien", "4"),
        ("Claude Gallien", "4"),
        ("Clinique Belair", "5"),
        ("Restos du Cœur", "9"),
        ("les restos", "9"),
        ("Centre municipal de santé Henri Dret", "8"),
    ],
)
def test_accents_slips_short_forms_and_other_names(written: str, meant: str) -> None:
    match = SMALL.match(written)
    assert best(match) == meant
    assert match.candidates[0].score >= CLEAR


@pytest.mark.parametrize(
    "written",
    [
        "Centre hospitalier universitaire Emmaüs",  # 219 is a shelter, no teaching hospital
        "Centre municipal de santé Les Iris",  # 405 is no health centre
        "CPAM Saint-Camille",
        "Clinique Bellair-Fontaine",
        "Hôpital Sainte-Camélia",
        "",
    ],
)
def test_type_words_are_asked_of_the_category(written: str) -> None:
    assert SMALL.match(written).best is None


def test_the_same_abbreviation_means_what_the_category_says() -> None:
    assert best(SMALL.match("CHU Emmaüs")) == "6"
    assert best(SMALL.match("CMS Les Iris")) == "7"
    both = index(
        ("1", hospital("CHU BICHAT", category="101")),
        ("2", {"name": "CHU BICHAT", "kind": "AUTRE", "category": "219"}),
    )
    assert both.match("CHU Bichat").outcome == "ambiguous"
    assert best(both.match("CHU Bichat", kind="HOPITAL")) == "1"


def test_homonyms_need_their_commune() -> None:
    homes = index(
        ("1", {"name": "EHPAD LES LILAS", "kind": "EHPAD", "commune": "94028"}),
        ("2", {"name": "EHPAD LES LILAS", "kind": "EHPAD", "commune": "91114"}),
    )
    match = homes.match("EHPAD Les Lilas")
    assert match.outcome == "ambiguous"
    assert {item.id for item in match.candidates} == {"1", "2"}
    assert best(homes.match("EHPAD Les Lilas", ["91114"])) == "2"
    assert homes.match("EHPAD Les Lilas", ["94078"]).best is None


def test_an_entity_and_its_establishments_are_one_family() -> None:
    alone = index(
        ("ej", {"name": "CLINIQUE X", "kind": "CLINIQUE", "level": "EJ"}),
        ("et", {"name": "CLINIQUE X", "kind": "CLINIQUE", "level": "ET", "legal_entity": "ej"}),
    )
    assert best(alone.match("Clinique X")) == "et"
    several = index(
        ("ej", hospital("GH LES CHEMINOTS", level="EJ")),
        ("a", hospital("GH LES CHEMINOTS", legal_entity="ej")),
        ("b", hospital("GH LES CHEMINOTS", legal_entity="ej")),
    )
    assert best(several.match("GH les Cheminots")) == "ej"
    strangers = index(
        ("ej", hospital("HOPITAL Y", level="EJ")),
        ("a", hospital("HOPITAL Y", legal_entity="other")),
    )
    assert strangers.match("Hôpital Y").outcome == "ambiguous"


def test_a_name_written_exactly_beats_one_that_is_only_near() -> None:
    names = index(
        ("1", {"name": "CLINIQUE BEL AIR", "kind": "CLINIQUE"}),
        ("2", {"name": "CLINIQUE CHATEAU DU BEL AIR", "kind": "CLINIQUE"}),
    )
    assert best(names.match("Clinique Bel-Air")) == "1"
    assert best(names.match("Clinique du Bel-Air")) == "1"
    assert names.match("Clinique Bell Air").best is None


def test_a_closed_structure_gives_way_to_an_open_one() -> None:
    names = index(
        ("old", hospital("HOPITAL NEUF", closed="2019")),
        ("new", hospital("HOPITAL NEUF")),
        ("gone", hospital("HOPITAL DISPARU", closed="2019")),
    )
    assert best(names.match("Hôpital Neuf")) == "new"
    assert names.match("Hôpital Disparu").candidates[0].closed


def test_a_name_without_its_type_is_ambiguous_where_two_kinds_have_it() -> None:
    assert SMALL.match("Saint Camille").outcome == "ambiguous"
    assert best(SMALL.match("Saint Camille", kind="EHPAD")) == "2"


def test_too_little_is_not_enough() -> None:
    names = index(("1", hospital("HOPITAL COCHIN SAINT VINCENT DE PAUL")))
    assert names.match("Saint Vincent").best is None
    assert names.match("Cochin").best is None
    assert names.match("Hôpital").best is None
    assert index().match("Hôpital Cochin").outcome == "unknown"


def test_type_words_are_set_apart() -> None:
    parsed = parse_name("Hospitalisation à domicile (HAD) Santé Service")
    assert parsed.words == ("sante", "service")
    assert len(parsed.types) == 2


ARTICLES = {
    "Hôpital Saint-Camille": "940000649",
    "Hôpital Forcilles": "770020477",
    "Clinique Boyer": "940300502",
    "Clinique Jardins de Brunoy": "910300045",
    "GH les Cheminots": "",
    "Domitys": "",
    "CPAM 94": "",
    "Groupement de coopération sociale et médico-sociale EHPAD du Val-de-Marne": "940022569",
    "Groupement médico-social ABCD": "",
    "Hôpital Dupuytren": "910100031",
    "Hôpital Albert Chenevier": "940100019",
    "Hôpitaux universitaires Henri-Mondor": "940100027",
    "Association Vaincre La Mucoviscidose": "",
    "Restos du Cœur": "",
    "La Croix Rouge": "",
    "Clinique de Villecresnes": "",
    "Hôpital Privé Jacques Cartier": "910300219",
    "GH Diaconesses – Croix Saint-Simon": "",
    "Hôpital privé Claude Gallien": "910803543",
    "Cellules d’appui à la résolution des situations complexes (CARSIC) Ile-de-France": "",
    "clinique Bel-Air": "",
    "Union régionale des professionnels de santé (URPS) médecins libéraux Île-de-France": "",
    "Hospitalisation à domicile (HAD) Santé Service": "920813623",
    "HAD de la Croix-Saint-Simon": "750042459",
    "Institut Mutualiste Montsouris": "750150104",
    "DAC 94 Nord": "",
    "Centre municipal de santé de Villeneuve-Saint-Georges": "940020357",
    "Institut Robert Merle d’Aubigné (IRMA) de Valenton": "940700032",
    "Louis-Mourier": "920100047",
    "Cochin": "750100166",
    "Avicenne": "930100037",
    "Antoine-Béclère": "920100021",
    "Tenon": "750100273",
    "Lariboisière": "750100042",
    "Bicêtre": "940100043",
    "Bichat": "750100232",
    "La Pitié-Salpêtrière": "750100125",
    "CPTS Paris 13": "750065179",
    "CMS de Gennevilliers": "",
}
"""Names as the five articles write them, and the establishment that official files confirm
(REFERENCE_ECOSYSTEM); none where no number is confirmed: a match would then be wrong."""


@pytest.fixture(scope="module")
def real(shared_data: Path) -> list[Named]:
    """The 5,694 real establishments of Île-de-France in FINESS, January 2021."""
    return [_named(item) for item in establishments([shared_data / name for name in FILES])]


@pytest.fixture(scope="module")
def finess(real: list[Named]) -> NameIndex:
    return NameIndex(real, town)


def _named(item: Establishment) -> Named:
    name = item.organization["name"]
    category, _ = item.code("CAT_ETAB")
    values = StructureValues(
        name=name,
        kind=kind_of(category, None, name, None),
        category=category,
        level="ET",
        legal_entity=item.entity,
        commune=item.commune or None,
    )
    return Named(item.number, values)


def town(code: str) -> str | None:
    found = CommuneIndex.bundled().by_code(code)
    return found.name if found else None


@pytest.mark.realdata
def test_no_name_of_the_articles_is_matched_wrongly(
    finess: NameIndex, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {name: finess.match(name) for name in ARTICLES}
    clear = {name: best(match) for name, match in found.items() if match.best}
    right = [name for name, key in clear.items() if key == ARTICLES[name]]
    with capsys.disabled():
        print(f"\n{len(clear)} of {len(ARTICLES)} names matched, {len(right)} rightly")  # noqa: T201
    assert {name: clear[name] for name in clear.keys() - set(right)} == {}
    assert set(right) >= {
        "Hôpital Saint-Camille",
        "Clinique Boyer",
        "Hôpital Privé Jacques Cartier",
        "Hôpital privé Claude Gallien",
        "Institut Mutualiste Montsouris",
        "Institut Robert Merle d’Aubigné (IRMA) de Valenton",
        "HAD de la Croix-Saint-Simon",
    }


@pytest.mark.realdata
@pytest.mark.parametrize("with_commune", [False, True])
def test_a_slip_of_the_pen_never_leads_to_another_establishment(
    real: list[Named], finess: NameIndex, with_commune: object, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(1)  # noqa: S311 - a sample
    outcomes: Counter[str] = Counter()
    wrong = []
    for item in dice.sample(real, 200):
        written = _slip(item.values.name or "", dice)
        communes = [item.values.commune] if with_commune and item.values.commune else []
        match = finess.match(written, communes)
        outcomes[match.outcome] += 1
        if match.best and match.best.id != item.id:
            wrong.append((written, item.values.name, match.best))
    with capsys.disabled():
        print(f"\none slip, commune {with_commune}: {dict(outcomes)}, {len(wrong)} wrong")  # noqa: T201
    assert wrong == []
    assert outcomes["clear"] > 60


def _slip(name: str, dice: random.Random) -> str:
    """Drop, double, change or swap one letter."""
    at = dice.randrange(len(name) - 1)
    letter = dice.choice("aeioulnrst")
    return dice.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


@pytest.mark.realdata
def test_a_name_that_is_not_there_is_never_matched_in_another_commune(real: list[Named]) -> None:
    dice = random.Random(2)  # noqa: S311 - a sample
    absent = dice.sample([item for item in real if item.values.commune], 200)
    gone = {item.id for item in absent}
    rest = NameIndex([item for item in real if item.id not in gone], town)
    strangers = []
    for item in absent:
        found = rest.match(item.values.name or "", [item.values.commune or ""]).best
        if found and found.commune != item.values.commune:
            strangers.append((item.values.name, found))
    assert strangers == []
