"""The portrait of a territory, worked out by hand on squares, and its page."""

from datetime import date
from html.parser import HTMLParser

import pytest

from explorer.selection import Selection
from explorer.services.coverage import coverage_of
from explorer.services.coverage_reading import CoverageQuestion
from explorer.services.portrait import portrait_file, portrait_of, reference_of
from explorer.services.portrait_page import portrait_html
from graph.model import Fact, Territory
from graph.store.open import open_store
from tests.support.coverage_store import small_store
from tests.support.small_world import FOCUS, OWN, agreement, structure, territories

HOSTILE = "<script>alert(1)</script>"
SOUTH = "arrondissement:941"


@pytest.fixture(scope="module")
def portrait(tmp_path_factory):
    homes = [
        structure("940000101", "EHPAD", (1, 0), name=HOSTILE, capacity={"places_hebergement": 40}),
        structure("940000102", "EHPAD", (2, 3), capacity={"places_hebergement": 80}),
        structure("940000201", "CPTS", None, name="CPTS Sud", covers=(SOUTH,)),
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
    ]
    apl = Fact(topic="apl_generalistes", value=3.1, unit="consultations", date="2023")
    country = [
        Territory(**{**_values(item), "figures": (apl,)}) if item.id == SOUTH else item
        for item in territories()
    ]
    registers = (("finess", frozenset({"94"})),)
    folder = tmp_path_factory.mktemp("portrait")
    url = small_store(folder / "p.db", homes, signed, registers, country)
    store = open_store(url)
    selection = Selection(
        focus=FOCUS,
        on=date(2026, 11, 25),
        kinds=frozenset({"EHPAD", "CPTS", "CMS", "DIALYSE", "MSP", "CDS"}),
        territories=frozenset({"departement:94"}),
    )
    question = CoverageQuestion(selection=selection, level="arrondissement", radius_km=1.0)
    answer = coverage_of(store, question)
    yield answer, portrait_of(answer, SOUTH, store.sources(), "fr")
    store.close()


def _values(item):
    return {name: getattr(item, name) for name in item.__struct_fields__}


def test_supply_beside_the_reference(portrait):
    answer, found = portrait
    assert reference_of(answer, SOUTH) == "departement:94"
    lines = {line.kind: line for line in found.lines}
    home = lines["EHPAD"]
    # 40 places for 100 people of 75 and over; 120 for 250 in the département
    assert (home.density, home.reference) == ("400", "480")
    assert (home.rate, home.reference_rate) == ("100 %", "100 %")
    assert (home.state, found.reference) == ("conventionné", "94 · Département 94")


def test_who_covers_agreements_and_what_lapses(portrait):
    _, found = portrait
    assert found.covered_by == ("CPTS : CPTS Sud",)
    assert len(found.agreements) == 2
    assert found.agreements[0] == "Bientôt finie · Nuit ; en vigueur"
    assert found.agreements[1].startswith("Filière · Gériatrie ; ")
    assert found.lapsing == ("Bientôt finie : 31 mars 2027",)


def test_three_gaps_indicators_and_sources(portrait):
    _, found = portrait
    assert len(found.gaps) == 3
    assert all("Manque" in gap for gap in found.gaps)
    assert found.figures == ("Accessibilité aux médecins généralistes : 3,1 consultations (2023)",)
    assert {"finess", "conventions", "territoires"} <= set(found.sources)


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
