"""Saved views on the pages, in Streamlit's own test harness."""

from tests.app.pages.test_network_page import link, state
from tests.app.pages.test_pages import run_application as open_page


def test_a_view_is_kept_opened_removed_and_brought_back(monkeypatch, own_store, settings_folder):
    app = open_page(monkeypatch, own_store, types="CLINIQUE", date="2023-05-01")
    app.text_input(key="saved_name").set_value("Cliniques <b>2023</b>").run()
    app.button(key="saved_keep").click().run()
    assert not app.exception
    assert "enregistrée" in app.success[0].value

    later = open_page(monkeypatch, own_store)
    assert state(later).selection.kinds == frozenset()
    later.selectbox(key="saved_chosen").set_value("Cliniques <b>2023</b>").run()
    later.button(key="saved_open").click().run()
    assert state(later).selection.kinds == {"CLINIQUE"}
    assert link(later) == {"types": ["CLINIQUE"], "date": ["2023-05-01"]}

    later.button(key="saved_remove").click().run()
    assert "supprimée" in later.success[0].value
    assert [box.key for box in later.selectbox if box.key == "saved_chosen"] == []
    later.button(key="saved_undo").click().run()
    assert later.selectbox(key="saved_chosen").options == ["Cliniques <b>2023</b>"]


def test_a_damaged_file_is_explained_and_the_page_stays(monkeypatch, own_store, settings_folder):
    folder = settings_folder / "maillage"
    folder.mkdir(parents=True)
    (folder / "views.json").write_text("not ours")
    app = open_page(monkeypatch, own_store)
    assert not app.exception
    assert any("views.json" in error.value.replace("\\", "") for error in app.error)
    assert app.multiselect(key="w_kinds")
