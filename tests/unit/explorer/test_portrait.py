"""The portrait of a territory, worked out by hand on squares, and its page."""

import json
from datetime import date
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.selection import Selection
from explorer.services.coverage import coverage_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.portrait import portrait_file, portrait_of
from explorer.services.portrait_page import portrait_html
from explorer.services.portrait_reference import FRANCE, beside_of, reference_of, references
from graph.errors import UsageError
from graph.model import Fact, Territory
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.small_world import FOCUS, OWN, agreement, structure, territories, upper

HOSTILE = "<script>alert(1)</script>"
SOUTH = "arrondissement:941"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    homes = [
        structure("940000101", "EHPAD", (1, 0), name=HOSTILE, capacity={"places_hebergement": 40}),
        structure("940000102", "EHPAD", (2, 3), capacity={"places_hebergement": 80}),
        structure("940000201", "CPTS", None, name="CPTS Sud", covers=(SOUTH,)),
        structure("940000202", "CPTS", None, name="CPTS Coin", covers=("commune:94001",)),
        structure(
            "940000301",
            "HOPITAL",
            (0, 1),
            activities=("urgences", "mco"),
            capacity={"lits_mco": 30, "places_mco": 3},
        ),
    ]
    signed = [
        agreement("c-1", "940000101", title="Filière", filiere="Gériatrie", sites=(OWN,)),
        agreement(
            "c-2",
            "940000101",
            title="Bientôt finie",
            indefinite=None,
            end="2027-03-31",
            themes=("Nuit",),
        ),
        agreement("c-3", "940000102", title="Ailleurs"),
        agreement("c-4", title="CLS du Sud", type="cls", territory=("commune:94001",)),
    ]
    apl = Fact(topic="apl_generalistes", value=3.1, unit="consultations", date="2023")
    country = [
        Territory(**{**_values(item), "figures": (apl,)}) if item.id == SOUTH else item
        for item in territories()
    ]
    country.append(upper("region", "11"))
    registers = (("finess", frozenset({"94"})),)
    folder = tmp_path_factory.mktemp("portrait")
    return small_store(folder / "p.db", homes, signed, registers, country)


@pytest.fixture(scope="module")
def store(url):
    held = open_store(url)
    yield held
    held.close()


@pytest.fixture(scope="module")
def answer(store):
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD", "CPTS", "CMS", "DIALYSE", "MSP", "CDS", "HOPITAL", "DAC"}),
        territories=frozenset({"departement:94"}),
    )
    question = CoverageQuestion(selection=selection, level="arrondissement", radius_km=1.0)
    return coverage_of(store, question)


@pytest.fixture(scope="module")
def portrait(store, answer):
    return answer, drawn(store, answer)


def drawn(store, answer, against=None, language="fr"):
    beside = beside_of(store, answer, SOUTH, against)
    return portrait_of(answer, SOUTH, store.sources(), language, beside)


def plainly(said):
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def _values(item):
    return {name: getattr(item, name) for name in item.__struct_fields__}


def test_supply_beside_the_reference(portrait):
    answer, found = portrait
    assert reference_of(answer, SOUTH) == "departement:94"
    lines = {line.kind: line for line in found.lines}
    home = lines["EHPAD"]
    # 40 places for 100 people of 75 and over; 120 for 250 in the département
    assert (home.density, home.reference) == ("400", "480")
    assert (plainly(home.rate), plainly(home.reference_rate)) == ("100 %", "100 %")
    assert (home.state, found.reference) == ("conventionné", "94 · Département 94")


def test_who_covers_is_said_and_what_is_not_known_too(portrait):
    _, found = portrait
    assert [plainly(line) for line in found.covered_by] == [
        "CPTS : CPTS Sud et CPTS Coin (1 commune sur 10)",
        "DAC : personne, d’après le registre chargé",
        "SAS : hors du filtre des types",
        "CLS : CLS du Sud",
    ]


def test_agreements_by_filiere_by_site_and_what_lapses(portrait):
    _, found = portrait
    assert len(found.agreements) == 2
    assert plainly(found.agreements[0]) == "Bientôt finie · Nuit ; en vigueur"
    assert plainly(found.agreements[1]).startswith("Filière · Gériatrie ; ")
    assert [plainly(line) for line in found.by_filiere] == [
        "Gériatrie : 1 convention (Filière)",
        "Nuit : 1 convention (Bientôt finie)",
    ]
    assert [plainly(line) for line in found.by_site] == [
        "940000010 : 1 convention (Filière)",
        "Site non précisé : 1 convention (Bientôt finie)",
    ]
    assert [plainly(line) for line in found.lapsing] == ["Bientôt finie : 31 mars 2027"]


def test_people_by_age_and_activities_beside_the_reference(portrait):
    _, found = portrait
    assert [
        (plainly(item.count), plainly(item.share), plainly(item.reference)) for item in found.people
    ] == [
        ("1 000 habitants", "", ""),
        ("200 habitants de 65 ans et plus", "20 %", "20 %"),
        ("100 habitants de 75 ans et plus", "10 %", "10 %"),
    ]
    activities = {item.name: item for item in found.activities}
    mco = activities["Hôpital · MCO"]
    # 33 beds and places for 1,000 people here, for 2,500 in the département
    assert (plainly(mco.supply), mco.density) == ("1 structure, 33 lits ou places", "33")
    assert mco.reference == "13,2"


def test_three_gaps_indicators_and_sources(portrait):
    _, found = portrait
    assert len(found.gaps) == 3
    assert all("Manque" in gap for gap in found.gaps)
    (figure,) = found.figures
    assert plainly(figure) == ("Accessibilité aux médecins généralistes : 3,1 consultations (2023)")
    assert {"finess", "conventions", "territoires"} <= set(found.sources)


@pytest.mark.parametrize(
    ("against", "name", "density"),
    [
        ("arrondissement:942", "942 · Arrondissement 942", "533,3"),
        ("region:11", "11 · Région 11", "480"),
        (FRANCE, "France", "480"),
        ("commune:94002", "94002 · Commune 94002", "4 000"),
    ],
)
def test_it_is_read_beside_any_territory(store, answer, against, name, density):
    found = drawn(store, answer, against)
    (home,) = [line for line in found.lines if line.kind == "EHPAD"]
    assert (found.reference, plainly(home.density), plainly(home.reference)) == (
        name,
        "400",
        density,
    )


def test_what_can_be_chosen_as_reference(answer):
    assert references(answer, SOUTH) == (
        "departement:94",
        "region:11",
        FRANCE,
        "arrondissement:942",
    )


def test_a_reference_that_does_not_exist_is_refused(store, answer):
    with pytest.raises(UsageError):
        beside_of(store, answer, SOUTH, "commune:99999")


def run(url, *arguments):
    where = ("--focus", FOCUS, "--as-of", "2026-11-25")
    return CliRunner().invoke(
        main, ["--store", url, "--lang", "fr", "portrait", *arguments, *where]
    )


def test_the_command_prints_numbers_and_words(url):
    result = run(url, SOUTH, "--against", "arrondissement:942", "--kind", "EHPAD", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    (row,) = found["rows"]
    assert (row["places_per_1000"], round(row["reference_places_per_1000"], 3)) == (400, 533.333)
    assert found["population"] == {"total": 1000, "65": 200, "75": 100}
    assert found["reference_population"]["75"] == 150
    assert (found["against"], found["as_of"]) == ("arrondissement:942", "2026-11-25")
    lines = run(url, SOUTH).stdout
    assert "Qui couvre ce territoire" in lines
    # no register of SAS is loaded: nobody knows, and that is not nobody
    everything = json.loads(run(url, SOUTH, "--json").stdout)
    assert everything["covering"]["SAS"] is None
    assert everything["covering"]["CPTS"] == ["940000201", "940000202"]


def test_the_command_writes_one_page(url, tmp_path):
    path = tmp_path / "p.html"
    assert run(url, SOUTH, "--html", str(path)).exit_code == 0
    assert "941" in path.read_text(encoding="utf-8")
    assert run(url, SOUTH, "--html", str(tmp_path / "p.pdf")).exit_code == 2
    assert run(url, SOUTH, "--html", str(tmp_path / "none" / "p.html")).exit_code == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("arrondissement:999",),
        ("nulle:1",),
        (SOUTH, "--against", "region:99"),
        (SOUTH, "--kind", "X"),
    ],
)
def test_a_territory_or_reference_that_is_none_is_answered(url, arguments):
    result = run(url, *arguments, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr
    assert result.stderr.strip()


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.words = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not {"src", "href"} & {name for name, _ in attrs}

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_stands_alone_and_escapes_names(portrait, language):
    answer, _ = portrait
    page = portrait_html(portrait_of(answer, SOUTH, [], language), language).decode("utf-8")
    seen = Texts()
    seen.feed(page)
    assert "script" not in seen.tags
    assert f'<html lang="{language}">' in page
    words = " ".join(seen.words)
    assert "Bientôt finie" in words
    assert "{" not in words.replace("".join(w for w in seen.words if "@page" in w), "")
    assert portrait_file(SOUTH, "2026-11-25") == (
        "maillage-portrait-arrondissement-941-2026-11-25.html"
    )
