"""Synthetic view models: invented places and structures, drawn where Val-de-Marne stands."""

import random
from dataclasses import dataclass, field

import msgspec
import shapely

from explorer import palette
from explorer.viewmodel.model import (
    Caption,
    LegendGroup,
    LegendKind,
    LegendTie,
    Unplaced,
    ViewModel,
    ViewNode,
    ViewTerritory,
    ViewTie,
)

CENTRE = (659_000.0, 6_854_000.0)
PARTNER_KINDS = ("HOPITAL", "CLINIQUE", "HAD", "CPTS", "CMS", "DAC", "DIALYSE", "ASSOCIATION")
LABELS = {
    "HOPITAL": "Hôpital",
    "CLINIQUE": "Clinique",
    "HAD": "Hospitalisation à domicile",
    "CPTS": "CPTS",
    "CMS": "Centre municipal de santé",
    "DAC": "DAC",
    "DIALYSE": "Dialyse",
    "ASSOCIATION": "Association",
    "EHPAD": "EHPAD (offre)",
    "GHT": "GHT",
}
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    'href="javascript:alert(3)"',
    "L’hôpital d'« à côté » \\ {{7*7}} ${8}",
    "مستشفى كريتاي الجامعي",
    "\u202egnp.exe \u0000\u0007\nsur deux lignes",
    "🏥👩‍⚕️ Clinique des Émojis 🇫🇷",
    "Résidence " + "très " * 60 + "longue",
)


@dataclass
class Synthetic:
    """Settings of a synthetic view."""

    partners: int = 22
    supply: int = 60
    ties: int | None = None
    hostile: bool = False
    groups: bool = False
    empty: bool = False
    kinds: tuple[str, ...] = ()
    language: str = "fr"
    seed: int = 7
    communes: int = 46
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - not for secrets


def synthetic_view(**settings: object) -> ViewModel:
    """Make a view; the same settings give the same view."""
    plan = Synthetic(**settings)  # type: ignore[arg-type]
    nodes = [] if plan.empty else _focus() + _partners(plan) + _supply(plan)
    nodes = [node for node in nodes if not plan.kinds or node.kind in ("GHT", *plan.kinds)]
    ties = _ties(plan, nodes)
    if plan.groups:
        nodes = [msgspec.structs.replace(n, code=str(i % 8 + 1)) for i, n in enumerate(nodes)]
    return ViewModel(
        language=plan.language,  # type: ignore[arg-type]
        caption=Caption(
            title="Exemple inventé : des partenaires tout autour du groupe",
            date="Situation au 22 novembre 2026",
            sources=("données inventées pour les tests",),
            filters=("tous les statuts",),
        ),
        description="Carte inventée : un groupe et ses partenaires.",
        nodes=tuple(nodes),
        ties=tuple(ties),
        territories=_territories(plan),
        legend_kinds=_legend_kinds(nodes),
        legend_groups=_legend_groups(nodes) if plan.groups else (),
        legend_ties=tuple(
            LegendTie(style=style, label=label, count=sum(t.style == style for t in ties))
            for style, label in (
                ("solid", "Convention"),
                ("dashed", "Attestée, terme non précisé"),
                ("inferred", "Via l’entité juridique"),
            )
            if any(t.style == style for t in ties)
        ),
        unplaced=(
            Unplaced(
                id="u1", label="Sans adresse", kind="URPS", kind_label="URPS", reason="inconnue"
            ),
        ),
    )


def _node(ident: str, label: str, kind: str, role: str, at: tuple[float, float], **more):
    mark = palette.mark(kind)
    return ViewNode(
        id=ident,
        label=label,
        short_label=label,
        kind=kind,
        kind_label=LABELS[kind],
        role=role,
        x=at[0],
        y=at[1],
        symbol=mark.symbol,
        colour=mark.colour,
        size=palette.size(role),
        lines=(LABELS[kind], "Ville inventée"),
        **{"placement": "place", "precision": "adresse", **more},
    )


def _focus() -> list[ViewNode]:
    x, y = CENTRE
    other = (x - 1_500.0, y - 10_500.0)
    return [
        _node("ght", "GHT Inventé", "GHT", "focus", CENTRE, placement="rattachement"),
        _node("940000001", "CH du Nord", "HOPITAL", "focus_site", CENTRE),
        _node("940000002", "CH du Sud", "HOPITAL", "focus_site", other),
    ]


def _around(plan: Synthetic, spread: float) -> tuple[float, float]:
    x, y = CENTRE
    return plan.dice.gauss(x, spread), plan.dice.gauss(y - 4_000, spread)


def _partners(plan: Synthetic) -> list[ViewNode]:
    names = HOSTILE if plan.hostile else ()
    return [
        _node(
            f"p{i}",
            names[i] if i < len(names) else f"{LABELS[kind]} n° {i}",
            kind,
            "partner",
            _around(plan, 8_000),
            precision="commune" if i % 9 == 5 else "adresse",
        )
        for i in range(plan.partners)
        for kind in [PARTNER_KINDS[i % len(PARTNER_KINDS)]]
    ]


def _supply(plan: Synthetic) -> list[ViewNode]:
    return [
        _node(f"s{i}", f"EHPAD n° {i}", "EHPAD", "supply", _around(plan, 6_000))
        for i in range(plan.supply)
    ]


def _ties(plan: Synthetic, nodes: list[ViewNode]) -> list[ViewTie]:
    ids = [node.id for node in nodes]
    sites = [ident for ident in ("940000001", "940000002") if ident in ids]
    partners = [node.id for node in nodes if node.role == "partner"]
    if plan.ties is not None:
        pairs = [tuple(plan.dice.sample(ids, 2)) for _ in range(plan.ties)]
    else:
        pairs = [(plan.dice.choice(sites), partner) for partner in partners if sites]
        pairs += [(sites[0], partner) for partner in partners[::4] if len(sites) > 1]
    styles = ("solid", "solid", "dashed", "inferred")
    return [
        ViewTie(
            id=f"t{i}",
            source=a,
            target=b,
            type="convention_partenariat",
            label="Convention inventée, en vigueur",
            style=styles[i % len(styles)],
            cooperations=(f"c{i}",),
            via="EJ" if styles[i % len(styles)] == "inferred" else None,
        )
        for i, (a, b) in enumerate(dict.fromkeys(pairs))
    ]


def _legend_groups(nodes: list[ViewNode]) -> tuple[LegendGroup, ...]:
    """Groups whose names are those that people might paste into a register."""
    codes = [node.code for node in nodes]
    return tuple(
        LegendGroup(code=str(i + 1), label=name, colour="#0B4F8A", count=codes.count(str(i + 1)))
        for i, name in enumerate(HOSTILE)
    )


def _legend_kinds(nodes: list[ViewNode]) -> tuple[LegendKind, ...]:
    kinds = dict.fromkeys(node.kind for node in nodes)
    return tuple(
        LegendKind(
            key=kind,
            label=LABELS[kind],
            symbol=palette.mark(kind).symbol,
            colour=palette.mark(kind).colour,
            count=sum(node.kind == kind for node in nodes),
        )
        for kind in kinds
    )


def _territories(plan: Synthetic) -> tuple[ViewTerritory, ...]:
    x, y = CENTRE
    middle = (x, y - 4_000)
    ground = shapely.Point(middle).buffer(15_000, quad_segs=6)
    around = shapely.Point(middle).buffer(34_000, quad_segs=9)
    chance = random.Random(plan.seed)  # noqa: S311 - not for secrets
    points = [
        (chance.uniform(x - 15_000, x + 15_000), chance.uniform(y - 19_000, y + 11_000))
        for _ in range(plan.communes)
    ]
    cells = [
        cell.intersection(ground)
        for cell in shapely.voronoi_polygons(shapely.MultiPoint(points)).geoms
    ]
    cells = [cell for cell in cells if cell.area > 0]
    parts = [[c for c in cells if (c.centroid.x > x) == east] for east in (True, False)]
    territories = [_territory("departement:00", "Autour", around, "outside", "heavy")]
    territories += [
        _territory(f"commune:{i}", f"Commune {i}", cell, "inside", "thin")
        for i, cell in enumerate(cells)
    ]
    territories += [
        _territory(f"arrondissement:{name}", name, shapely.union_all(part), "inside", "heavy")
        for name, part in zip(("L’Haÿ-Inventé", "Nogent-Inventé"), parts, strict=True)
        if part
    ]
    return tuple(territories)


def _territory(ref: str, name: str, shape, fill: str, outline: str) -> ViewTerritory:
    polygons = getattr(shape, "geoms", [shape])
    rings = [ring for p in polygons for ring in (p.exterior, *p.interiors)]
    at = shape.representative_point()
    return ViewTerritory(
        ref=ref,
        level=ref.partition(":")[0],
        name=name,
        rings=tuple(tuple(v for point in ring.coords for v in point[:2]) for ring in rings),
        fill=fill,
        outline=outline,
        label_at=(at.x, at.y) if fill == "inside" else None,
    )
