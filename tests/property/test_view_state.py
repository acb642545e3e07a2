"""Whatever a URL says: it is read without error, and writing it again settles."""

from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from explorer.canvas_state import COLOURS, LAYOUTS, SIZES, CanvasState, Pin
from explorer.cover_state import (
    APPROACHES,
    DEMANDS,
    MEASURED_BY,
    MEASURES,
    POPULATIONS,
    SHOWN,
    CoverState,
)
from explorer.export_state import ATLAS, DPIS, FORMS, NO_MARK, SHEETS, WHATS, ExportState
from explorer.register_state import LISTS, UNSTATED, RegisterState
from explorer.selection import Selection
from explorer.view_state import PARTS, ViewState, agreement_key, from_query, theme_id, to_query
from graph.methods import METHODS
from graph.vocabulary import COOPERATION_TYPES, KINDS, LEVELS, Status

DEFAULT = ViewState(
    selection=Selection(focus="ght:940110018", on=date(2026, 11, 22)), language="fr"
)
NAMES = "centre date types territoires statuts themes rattachement instances fiche lien lang x "
NAMES += "volet retrait fin echeance comparer "
NAMES += "niveau habitants rayon demande carte selon territoire "
NAMES += "acces acces_type acces_mesure methode detour vitesse bandes "
NAMES += "convention liste natures mesure "
NAMES += "export format feuille sens rendu mention atlas tableau tableau_couverture points depuis "
NAMES += "structure indicateur separateur "
NAMES += "vue couleur taille choix masque proche profondeur ouvert chemin chemins fixe"

keys = st.lists(
    st.sampled_from(("940000573", "ght:940110018", "urps:medecins-liberaux")), unique=True
).map(tuple)
canvases = st.builds(
    CanvasState,
    layout=st.sampled_from(LAYOUTS),
    colour=st.sampled_from(COLOURS),
    size=st.sampled_from(SIZES),
    chosen=keys,
    hidden=keys,
    opened=keys,
    pins=st.lists(
        st.builds(
            Pin,
            layout=st.sampled_from(LAYOUTS),
            id=st.sampled_from(("940000573", "ght:940110018")),
            x=st.integers(-(10**7), 10**7),
            y=st.integers(-(10**7), 10**7),
        ),
        max_size=3,
        unique=True,
    ).map(tuple),
)
near = st.just({}) | st.fixed_dictionaries({"near": keys.filter(bool), "depth": st.integers(1, 3)})
path = st.just({}) | st.fixed_dictionaries(
    {"path": st.just(("940000573", "ght:940110018")), "every": st.booleans()}
)

some = st.lists(st.text(max_size=30), max_size=3)
queries = st.dictionaries(st.sampled_from(NAMES.split()), some)
states = st.builds(
    ViewState,
    selection=st.builds(
        Selection,
        focus=st.none() | st.sampled_from(("940110018", "ght:940110018", "dac:dac-94-nord")),
        on=st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        kinds=st.frozensets(st.sampled_from(KINDS)),
        territories=st.frozensets(st.sampled_from(("commune:94028", "departement:2A"))),
        statuses=st.frozensets(st.sampled_from([str(item) for item in Status])),
        themes=st.frozensets(st.text(max_size=8).map(theme_id), max_size=3),
        inherit=st.booleans(),
        instances=st.booleans(),
        contacts=st.booleans(),
        supply=st.booleans(),
    ),
    language=st.sampled_from(("fr", "en")),
    register=st.builds(
        RegisterState,
        part=st.sampled_from(LISTS),
        types=st.frozensets(st.sampled_from((*COOPERATION_TYPES, UNSTATED))),
        method=st.none() | st.sampled_from([item.id for item in METHODS]),
    ),
    export=st.builds(
        ExportState,
        what=st.sampled_from(WHATS),
        form=st.none() | st.sampled_from([form for forms in FORMS.values() for form in forms]),
        sheet=st.sampled_from(SHEETS),
        orientation=st.sampled_from(("landscape", "portrait")),
        theme=st.sampled_from(("light", "grey")),
        mark=st.sampled_from((NO_MARK, "travail", "confidentiel")),
        dpi=st.sampled_from(DPIS),
        per=st.sampled_from(ATLAS),
        since=st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31)),
        structure=st.none() | st.sampled_from(("940000573", "urps:medecins-liberaux")),
        metric=st.sampled_from(("degree", "betweenness")),
        table=st.sampled_from(("structures", "ties", "coverage")),
        separator=st.sampled_from((";", ",")),
        coverage=st.sampled_from(("aucun", "commune")),
    ),
    cover=st.builds(
        CoverState,
        level=st.sampled_from(LEVELS),
        population=st.sampled_from(POPULATIONS),
        radius_km=st.integers(1, 3000).map(lambda tenths: tenths / 10),
        demand=st.sampled_from(DEMANDS),
        kind=st.none() | st.sampled_from(KINDS),
        measure=st.sampled_from(MEASURES),
        territory=st.none() | st.sampled_from(("arrondissement:941", "set:nous")),
        access=st.sampled_from(SHOWN),
        access_kind=st.none() | st.sampled_from(KINDS),
        by=st.sampled_from(MEASURED_BY),
        detour=st.integers(10, 50).map(lambda tenths: tenths / 10),
        speed_kmh=st.integers(1, 130).map(float),
        approach=st.sampled_from(APPROACHES),
        bands=st.none() | st.sampled_from(("0-10:1; 10-20:0.68 min", "0-2.5:1 km")),
        activity=st.none() | st.sampled_from(("had", "soins_palliatifs")),
        against=st.none() | st.sampled_from(("france", "region:11", "set:nous")),
    ),
    canvas=st.builds(
        lambda canvas, *more: msgspec.structs.replace(canvas, **more[0], **more[1]),
        canvases,
        near,
        path,
    ),
    selected=st.none() | st.sampled_from(("940000573", "urps:medecins-liberaux")),
    part=st.sampled_from(PARTS),
    removed=st.frozensets(st.sampled_from(("940000573", "ght:940110018"))),
    ended=st.frozensets(st.text(max_size=8).map(agreement_key), max_size=3),
    compared=st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    lapse=st.none() | st.dates(date(1900, 1, 1), date(2200, 12, 31)),
)


def listed(state):
    query = to_query(state, DEFAULT)
    return {key: [value] if isinstance(value, str) else value for key, value in query.items()}


@given(queries)
def test_any_query_is_read(query):
    reading = from_query(query, DEFAULT)
    again = from_query(listed(reading.state), DEFAULT)
    assert again.state == reading.state
    assert again.dropped == ()


@given(states)
def test_a_state_comes_back_from_its_link(state):
    assert from_query(listed(state), DEFAULT).state == state
