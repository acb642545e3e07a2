"""Page « Exports »: what it shows, and that its files are those of the command line."""

import shlex
from datetime import date
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from explorer.cli import main
from explorer.cover_state import CoverState
from explorer.export_state import FORMS, WHATS, ExportState, export_query, read_export
from explorer.exports.naming import size_in_words
from explorer.exports.registry import FORMATS, format_of
from explorer.exports.upload import Upload
from explorer.selection import Selection
from explorer.services.exporting import useful_name
from explorer.services.figures import FIGURES
from explorer.services.ordering import Asked, Own, request_of
from explorer.services.ordering_command import command_of
from explorer.services.packs import PACKS
from explorer.settings import read_settings
from graph.errors import UsageError
from graph.messages import text
from graph.store.open import open_store
from tests.app.pages.conftest import url_of

DAY = date(2026, 11, 22)
CLINIC = "940300502"


def exports_page() -> None:
    from explorer.pages import exports
    from explorer.ui import session

    session.begin()
    exports.show()


def open_page(monkeypatch, store: Path, **query: str) -> AppTest:
    monkeypatch.setenv("MAILLAGE_STORE", url_of(store))
    app = AppTest.from_function(exports_page, default_timeout=120)
    for name, value in {"date": DAY.isoformat(), **query}.items():
        app.query_params[name] = value
    return app.run()


def problems(app: AppTest) -> list[str]:
    return [item.value for item in (*app.exception, *app.error)]


def said(app: AppTest) -> str:
    parts = (*app.markdown, *app.caption, *app.info, *app.warning)
    return " ".join(item.value for item in parts).replace("\\", "")


@pytest.fixture(scope="module")
def held(bundled):
    store = open_store(url_of(bundled))
    yield store
    store.close()


def asked(what: str, form: str | None = None, **more: object) -> Asked:
    fixed = read_settings()
    state = ExportState(what=what, form=form, structure=CLINIC, coverage="arrondissement")
    return Asked(
        selection=Selection(focus=fixed.focus, on=DAY, contacts=True),
        state=msgspec.structs.replace(state, **more),
        cover=CoverState(level="departement", kind="HOPITAL", against=None),
        own=Own(title="Été & réseau"),
        behind=fixed.territories,
    )


EVERY = [
    *((what, FORMS[what][0]) for what in WHATS if what != "atlas"),
    ("atlas", "pptx"),
    ("territoire", "pptx"),
    ("donnees", "csv"),
    ("donnees", "geojson"),
]


@pytest.mark.parametrize(("what", "form"), EVERY)
def test_the_command_that_is_shown_writes_the_same_bytes(held, bundled, tmp_path, what, form):
    wanted = asked(what, form, sheet="A4", theme="grey", mark="travail", dpi=100)
    request = request_of(held, wanted)
    name = useful_name(request, format_of(form))
    words = shlex.split(command_of(wanted, name))
    words[words.index(name)] = str(tmp_path / name)
    result = CliRunner().invoke(main, ["--store", url_of(bundled), *words[1:]])
    assert result.exit_code == 0, result.output
    assert (tmp_path / name).read_bytes() == format_of(form).write(request)


def test_what_can_be_asked_for_is_what_can_be_made():
    assert WHATS[: len(FIGURES)] == tuple(item.id for item in FIGURES)
    assert WHATS[len(FIGURES) : -2] == PACKS
    assert {form for forms in FORMS.values() for form in forms} == {f.extension for f in FORMATS}


SEEN = [(what, "fr") for what in ("territoire", "fiche", "couverture", "donnees")]


@pytest.mark.parametrize(("what", "language"), [*SEEN, ("matrice", "en"), ("donnees", "en")])
def test_a_file_is_seen_before_it_is_downloaded(monkeypatch, bundled, language, what):
    app = open_page(monkeypatch, bundled, export=what, structure=CLINIC, lang=language)
    assert problems(app) == []
    assert app.header[0].value == text("page.title.exports", language)
    name = {
        "territoire": "reseau_confluence",
        "fiche": "fiche_clinique-boyer",
        "couverture": "couverture-hopital_confluence",
        "matrice": "matrice_confluence",
        "donnees": "reseau_confluence",
    }[what]
    assert f"{name}_2026-11-22." in said(app)
    assert text("exports.terminal_hint", language) in said(app)
    pictures = app.get("image")
    assert bool(pictures) is (what != "donnees")
    if pictures:
        (picture,) = pictures[0].proto.imgs
        assert len(picture.alt) > 40
    else:
        (frame,) = app.dataframe
        assert list(frame.value.iloc[:, 1])[:2] == [37, 35]


def test_a_pack_is_made_on_demand_and_can_be_given_up(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, export="comite", format="pptx")
    assert problems(app) == []
    assert "plusieurs pages" in said(app)
    app.button(key="export_make").click().run()
    assert problems(app) == []
    assert "comite-territorial_confluence_2026-11-22.pptx" in said(app)
    assert len(app.get("image")) == 3
    # another question is another pack: it waits until it is asked for
    app.selectbox(key="w_export_theme").select("grey").run()
    assert "plusieurs pages" in said(app)


def test_choices_are_kept_in_the_address_and_words_are_not(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, export="matrice", niveau="departement")
    app.text_input(key="w_export_title").set_value("Titre à nous").run()
    app.selectbox(key="w_export_sheet").select("A3").run()
    assert problems(app) == []
    state = app.session_state["maillage_state"].export
    assert export_query(state) == {"export": "matrice", "feuille": "A3"}
    assert app.session_state["maillage_export_title"] == "Titre à nous"
    (picture,) = app.get("image")[0].proto.imgs
    assert picture.alt.startswith("Titre à nous")


def test_a_title_that_no_figure_shows_is_explained(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled)
    app.text_input(key="w_export_title").set_value("<b>Titre</b>").run()
    assert len(app.error) == 1
    assert not app.exception
    assert not app.get("download_button")


def test_nothing_to_draw_is_said_and_what_can_be_done(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, export="frise", centre="tous", types="DIALYSE")
    assert not app.exception
    assert "Aucune convention" in " ".join(item.value for item in app.error)


def test_what_is_let_in_is_warned_of(monkeypatch, bundled):
    app = open_page(monkeypatch, bundled, export="donnees")
    app.toggle(key="w_export_persons").set_value(True).run()
    app.toggle(key="w_export_restricted").set_value(True).run()
    assert problems(app) == []
    assert len(app.warning) == 2
    assert {"--with-persons", "--with-restricted"} <= set(app.code[0].value.split())


def test_a_link_that_asks_for_what_there_is_not_is_told():
    dropped: list[str] = []
    query = {
        "export": ["camembert"],
        "points": ["9999"],
        "depuis": ["hier"],
        "structure": ["<b>"],
        "separateur": ["|"],
        "feuille": ["A4"],
    }
    state = read_export(query, dropped)
    assert state == ExportState(sheet="A4")
    assert dropped == ["export", "points", "depuis", "structure", "separateur"]


def test_sizes_are_said_in_words():
    assert size_in_words(12, "fr") == "1\N{NO-BREAK SPACE}ko"
    assert size_in_words(1_240_000, "fr") == "1,2\N{NO-BREAK SPACE}Mo"
    assert size_in_words(1_240_000, "en") == "1.2\N{NO-BREAK SPACE}MB"


def test_files_given_by_their_content_are_read(held):
    logo = Upload(name="<logo>.png", data=b"no image")
    wanted = asked("territoire")
    own = msgspec.structs.replace(wanted.own, logo=logo)
    with pytest.raises(Exception, match=r"<logo>\.png") as caught:
        format_of("png").write(request_of(held, msgspec.structs.replace(wanted, own=own)))
    assert not isinstance(caught.value, UsageError)
