"""Views kept under a name: what is kept, what is refused, and that no file is ever lost."""

import threading

import pytest

from explorer.services import saved_views as saved
from explorer.services.saved_views import SavedView, list_views, remove_view, save_view
from graph.errors import InputError, OutputError, UsageError

VIEW = SavedView(name="EHPAD du 94", page="network", query={"types": ["EHPAD"], "lang": ["en"]})


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    path = tmp_path / "config" / "views.json"
    monkeypatch.setattr(saved, "views_path", lambda: path)
    return path


def test_a_view_is_kept_as_it_was():
    assert list_views() == []
    assert save_view(VIEW) is None
    assert list_views() == [VIEW]


def test_a_name_that_folds_alike_replaces_and_gives_back_the_old_one():
    save_view(VIEW)
    newer = SavedView(name="ehpad  du 94", page="coverage")
    assert save_view(newer) == VIEW
    assert [view.page for view in list_views()] == ["coverage"]
    assert list_views()[0].name == "ehpad du 94"


def test_a_removed_view_can_be_kept_again():
    save_view(VIEW)
    removed = remove_view(VIEW.name)
    assert removed == VIEW
    assert list_views() == []
    save_view(removed)
    assert list_views() == [VIEW]


@pytest.mark.parametrize("name", ["", "   ", "…", "x" * 81, "a\x00b"])
def test_a_name_that_names_nothing_is_refused(name):
    with pytest.raises(UsageError, match="80"):
        save_view(SavedView(name=name, page="network"))
    assert list_views() == []


def test_there_is_a_limit(monkeypatch):
    monkeypatch.setattr(saved, "MOST_VIEWS", 2)
    for name in ("un", "deux"):
        save_view(SavedView(name=name, page="network"))
    with pytest.raises(UsageError, match="2 saved views"):
        save_view(SavedView(name="trois", page="network"))
    save_view(SavedView(name="deux", page="data"))
    assert [view.name for view in list_views()] == ["deux", "un"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"views": [{"name": 1}]}', b"\xff\xfe"])
def test_a_file_that_is_not_ours_is_left_as_it_is(folder, content):
    folder.parent.mkdir(parents=True)
    folder.write_bytes(content)
    with pytest.raises(InputError, match=r"views\.json"):
        list_views()
    with pytest.raises(InputError):
        save_view(VIEW)
    assert folder.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_said_and_nothing_is_left(folder):
    folder.parent.write_text("a file where the folder should be")
    with pytest.raises((OutputError, InputError), match=r"views\.json"):
        save_view(VIEW)
    assert folder.parent.read_text() == "a file where the folder should be"


def test_many_at_once_lose_nothing():
    names = [f"vue {number}" for number in range(20)]
    together = [
        threading.Thread(target=save_view, args=(SavedView(name=name, page="network"),))
        for name in names
    ]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert {view.name for view in list_views()} == set(names)
