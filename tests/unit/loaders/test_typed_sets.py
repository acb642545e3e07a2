"""Lists of communes as people type them: what is understood, and what is not guessed."""

import pytest

from graph.errors import InputError, UsageError
from loaders.territories.typed import entries_in, entries_of, resolved, set_code, typed_batch


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ("94028", ["94028"]),
        ("creteil", ["94028"]),
        ("l’haÿ les roses", ["94038"]),
        ("94028 Créteil", ["94028"]),
        ("94000 Créteil", ["94028"]),
        ("Créteil (94028)", ["94028"]),
        ("Saint-Denis (93)", ["93066"]),
        ("Paris 13e", ["75113"]),
        ("75056", [f"751{number:02d}" for number in range(1, 21)]),
    ],
)
def test_a_code_or_a_name_is_understood(entry, codes):
    found = resolved([entry])
    assert (list(found.communes), found.unclear) == (codes, ())


def test_what_is_unknown_or_ambiguous_is_said_and_left_out():
    found = resolved(
        entries_of("Saint-Denis\nTrifouilly ; 94028, Créteil\n\n94028 Nogent-sur-Marne")
    )
    assert found.communes == {"94028": "Créteil"}
    said = {item.entry: item.choices for item in found.unclear}
    assert said.keys() == {"Saint-Denis", "Trifouilly", "94028 Nogent-sur-Marne"}
    assert "Saint-Denis (93066)" in said["Saint-Denis"]
    assert said["Trifouilly"] == ()


@pytest.mark.parametrize(
    "text",
    ["code_insee;nom\n94028;Créteil\n91191;Crosne\n", "94028\n91191\n", "94028, 91191"],
)
def test_a_file_is_a_column_or_a_list(tmp_path, text):
    path = tmp_path / "liste.txt"
    path.write_text(text, encoding="utf-8")
    assert entries_in(path) == ["94028", "91191"]


def test_a_file_without_communes_is_refused(tmp_path):
    path = tmp_path / "liste.csv"
    path.write_text("commune;rang\n;1\n;2\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        entries_in(path)
    assert refused.value.code == "typed.nothing"


def test_a_set_is_a_load_of_its_own():
    batch = typed_batch(" Bassin  nord ", ["94028", "91191"])
    said = batch.claims[0]
    assert (said.id, said.name) == ("set:bassin-nord", "Bassin nord")
    assert said.members == ("commune:91191", "commune:94028")
    assert (batch.loader, batch.series) == ("ensembles", "ensembles:saisie-bassin-nord")
    assert {claim.source for claim in batch.claims} <= {item.id for item in batch.sources}


@pytest.mark.parametrize("name", ["", "  ", "…", "x" * 81])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(UsageError):
        set_code(name)


def test_a_set_of_nothing_is_refused():
    with pytest.raises(UsageError, match="no commune"):
        typed_batch("Vide", [])
