"""Territories kept between questions: never those of another content, never too many."""

from explorer.services import territory_reading as reading
from explorer.services.loading import run_load
from explorer.services.territory_reading import territories_of
from graph.store.open import open_store
from graph.store.port import TerritoryQuery
from loaders.base import LoadContext

COMMUNES = TerritoryQuery(levels=frozenset({"commune"}))


def test_what_is_kept_is_what_the_store_says_now(tmp_path):
    store = open_store(f"sqlite:///{(tmp_path / 'one.db').as_posix()}")
    assert territories_of(store, COMMUNES) == ()
    run_load(store, "territoires", context=LoadContext(departements=("94",)))
    found = territories_of(store, COMMUNES)
    assert list(found) == store.territories(COMMUNES)
    assert len(found) == 47
    assert territories_of(store, COMMUNES) is found
    other = open_store(f"sqlite:///{(tmp_path / 'two.db').as_posix()}")
    assert territories_of(other, COMMUNES) == ()
    store.close()
    other.close()


def test_the_oldest_answers_go(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MOST_KEPT", 2)
    store = open_store(f"sqlite:///{(tmp_path / 'one.db').as_posix()}")
    first = TerritoryQuery(ids=frozenset({"region:11"}))
    for code in ("11", "24", "27"):
        territories_of(store, TerritoryQuery(ids=frozenset({f"region:{code}"})))
    assert (store.revision(), first) not in reading._KEPT[store]
    assert len(reading._KEPT[store]) == 2
    store.close()
