"""A country of 5 x 5 square communes of 1 km, where every answer can be worked out by hand.

Squares lie on the 500 m grid of Lambert-93, so each holds four of its points, 250 m from its sides.
Codes count from the south-west, eastward: 94001 to 94025. The two southern rows are arrondissement
941, the others 942. 100 people live in each, 20 of 65 and over, 10 of 75 and over.
"""

from datetime import date

import shapely
from pyproj import Transformer

from graph.analysis.service_areas import Atlas
from graph.analysis.situation import Situation
from graph.model import Cooperation, Membership, Party, Structure, Territory
from graph.projection import Layers, partner_network

SIDE = 5
KM = 1000.0
WEST, SOUTH = 650_000.0, 6_860_000.0
ON = date(2026, 11, 25)
FOCUS = "ght:940000001"
OWN = "940000010"
_to_degrees = Transformer.from_crs(2154, 4326, always_xy=True)


def code(column, row):
    """Return the code of the commune of a column and row, counted from 0."""
    return f"94{row * SIDE + column + 1:03d}"


def degrees(x_km, y_km):
    """Return longitude and latitude of a place, in km from the south-west corner."""
    return _to_degrees.transform(WEST + x_km * KM, SOUTH + y_km * KM)


def square(column, row):
    """Return the polygon of a commune in degrees."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return shapely.Polygon([degrees(column + dx, row + dy) for dx, dy in corners])


def commune(column, row, **values):
    """Return a commune; `values` replace its own."""
    own = {
        "id": f"commune:{code(column, row)}",
        "level": "commune",
        "code": code(column, row),
        "population": 100,
        "population_65": 20,
        "population_75": 10,
        "parents": (f"arrondissement:{941 if row < 2 else 942}", "departement:94", "region:11"),
        "geometry": shapely.to_wkb(square(column, row)),
    }
    return Territory(**own | values)


def upper(level, ident, **values):
    """Return a territory above communes, without a population of its own."""
    return Territory(id=f"{level}:{ident}", level=level, code=ident, name=ident, **values)


def territories(**values):
    """Return the whole country; `values` replace those of every commune."""
    communes = [commune(c, r, **values) for r in range(SIDE) for c in range(SIDE)]
    above = [("arrondissement", "941"), ("arrondissement", "942"), ("departement", "94")]
    return [*communes, *(upper(*each) for each in above)]


def structure(ident, kind, place=None, **values):
    """Return a structure in the middle of the commune of `place` (column, row)."""
    if place is not None:
        longitude, latitude = degrees(place[0] + 0.5, place[1] + 0.5)
        own = {"commune": code(*place), "longitude": longitude, "latitude": latitude}
        values = own | values
    return Structure(id=ident, kind=kind, **values)


def agreement(ident, *parties, **values):
    """Return an agreement in force between the focus and `parties`."""
    own = {"signed": "2020", "indefinite": True, "type": "convention_partenariat"}
    sides = tuple(Party(structure=party) for party in (FOCUS, *parties))
    return Cooperation(id=ident, parties=sides, **own | values)


def member(who, group, role="membre"):
    """Return a membership."""
    return Membership(id=f"{who}>{group}", member=who, group=group, role=role)


def situation(structures, cooperations=(), memberships=(), registers=None, layers=None, **values):
    """Return what is known: the focus with one site of its own in the first commune, and these."""
    own = [structure(FOCUS, "GHT"), structure(OWN, "EHPAD", (0, 0))]
    ours = [member(OWN, FOCUS, "partie")]
    everybody, held = [*own, *structures], [*ours, *memberships]
    network = partner_network(FOCUS, everybody, cooperations, held, ON, layers or Layers())
    return Situation(
        **{
            "atlas": Atlas(territories()),
            "structures": everybody,
            "network": network,
            "cooperations": list(cooperations),
            "memberships": held,
            "registers": {"EHPAD": None} if registers is None else registers,
        }
        | values
    )
