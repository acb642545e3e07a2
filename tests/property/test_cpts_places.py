"""Commune names of CPTS lists: whatever is done to a name, it is read right or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.identifiers import fold
from loaders.communes import Commune, CommuneIndex
from loaders.cpts.places import Found, read_places
from loaders.territories.bundled import bundled

CODES = [row.code for row in bundled().rows if row.level == "commune"]
DAMAGES = (
    lambda letter: "?",
    lambda letter: "è",
    lambda letter: letter.encode().decode("cp1252", "replace"),
    lambda letter: "\N{REPLACEMENT CHARACTER}",
)


def commune(code: str) -> Commune:
    found = CommuneIndex.bundled().by_code(code)
    assert found is not None
    return found


def codes(text: str, departement: str) -> set[str]:
    read = read_places(text, departement)
    return {item.code for part in read if isinstance(part, Found) for item in part.communes}


@given(st.sampled_from(CODES))
@settings(max_examples=200)
def test_every_name_is_its_own_commune(code: str) -> None:
    known = commune(code)
    assert codes(known.name, known.departement) == {code}


@given(st.sampled_from(CODES), st.sampled_from(["upper", "fold", "bare"]))
@settings(max_examples=200)
def test_a_name_without_accents_or_article_is_right_or_not_read(code: str, how: str) -> None:
    known = commune(code)
    words = fold(known.name).split()
    bare = words[1:] if words[0] in {"le", "la", "les", "l"} and len(words) > 1 else words
    forms = {"upper": known.name.upper(), "fold": fold(known.name), "bare": " ".join(bare)}
    assert codes(forms[how], known.departement) <= {code}


@given(
    st.sampled_from([code for code in CODES if not commune(code).name.isascii()]),
    st.sampled_from(DAMAGES),
)
@settings(max_examples=200)
def test_a_damaged_name_is_right_or_not_read(code: str, damage: object) -> None:
    assert callable(damage)
    known = commune(code)
    broken = "".join(letter if letter.isascii() else damage(letter) for letter in known.name)
    assert codes(broken, known.departement) <= {code}


@pytest.mark.parametrize("city", ["Paris", "Lyon", "Marseille", "MARSEILLE", "Ville de Paris"])
def test_a_whole_city_is_never_read(city: str) -> None:
    for departement in ("75", "69", "13"):
        assert codes(city, departement) == set()
