"""Synthetic views for figures: as many structures as wished around a group, at made-up places."""

import numpy as np

from explorer.palette import mark, size
from explorer.viewmodel.caption import legend_kinds, legend_ties
from explorer.viewmodel.model import Caption, Unplaced, ViewModel, ViewNode, ViewTerritory, ViewTie

KINDS = ("HOPITAL", "CLINIQUE", "EHPAD", "CMS", "HAD", "CPTS", "DAC", "SSIAD")
FIRST = ("Clinique", "Hôpital privé", "EHPAD", "Centre de santé", "Institut", "Fondation")
SECOND = ("des Tilleuls", "Saint-Exemple", "du Val Fictif", "Jean-Inventé", "de la Marne", "Nord")
HOSTILE = "<script>alert(1)</script> & \"'$x^2$ -->\u202e\x07 中"


def square(ref, left, bottom, side, **values):
    """Return a square territory."""
    ring = (left, bottom, left + side, bottom, left + side, bottom + side, left, bottom + side)
    own = {"level": "commune", "name": ref, "rings": ((*ring, left, bottom),)}
    return ViewTerritory(
        ref=ref, **own | {"label_at": (left + side / 2, bottom + side / 2)} | values
    )


def territories(side=10_000.0, count=3):
    """Return squares of 10 km, side by side, and a heavy outline around them."""
    small = [
        square(f"Commune fictive {column}{row}", column * side, row * side, side)
        for column in range(count)
        for row in range(count)
    ]
    return (*small, square("Arrondissement", 0.0, 0.0, side * count, outline="heavy"))


def view_of(count, *, seed=1, dense=0, unplaced=3, language="fr", hostile=False):
    """Return a view of `count` partners around a group; `dense` of them within 300 m."""
    draw = np.random.default_rng(seed)
    places = draw.uniform(1_000, 29_000, (count, 2))
    places[:dense] = draw.uniform(11_700, 12_300, (dense, 2))
    nodes = [_node("focus", "GHT", "focus", (15_000.0, 15_000.0), "Groupe fictif")]
    for at, place in enumerate(places):
        name = f"{FIRST[at % 6]} {SECOND[at // 6 % 6]} {at}"
        role = "partner"
        nodes.append(_node(f"p{at:04d}", KINDS[at % 8], role, tuple(map(float, place)), name))
    nodes += [_node(f"u{at}", "URPS", "partner", None, f"Sans lieu {at}") for at in range(unplaced)]
    if hostile:
        nodes.append(_node("hostile", "CMS", "partner", (4_000.0, 4_000.0), HOSTILE))
    ties = tuple(
        ViewTie(
            id=f"focus--{node.id}",
            source="focus",
            target=node.id,
            type="convention_partenariat",
            label="Convention de partenariat",
            style=("solid", "dashed", "inferred")[at % 3],
        )
        for at, node in enumerate(nodes[1:])
    )
    return ViewModel(
        language=language,
        caption=Caption(
            title=f"Groupe fictif : {count} partenaires",
            date="Situation au 22 novembre 2026",
            sources=("Registre fictif, 2026",),
            filters=("types : Hôpital",),
        ),
        description="Un réseau fictif.",
        nodes=tuple(sorted(nodes, key=lambda node: node.id)),
        ties=ties,
        territories=territories(),
        legend_kinds=legend_kinds(nodes),
        legend_ties=legend_ties(ties, language),
        unplaced=tuple(
            Unplaced(id=n.id, label=n.label, kind=n.kind, kind_label=n.kind, reason="?")
            for n in nodes
            if n.x is None
        ),
    )


def _node(key, kind, role, place, name):
    drawn = mark(kind)
    return ViewNode(
        id=key,
        label=name,
        short_label=name[:32],
        kind=kind,
        kind_label=kind.title(),
        role=role,
        x=place[0] if place else None,
        y=place[1] if place else None,
        placement="place" if place else None,
        precision="adresse" if place else None,
        symbol=drawn.symbol,
        colour=drawn.colour,
        size=size(role),
    )
