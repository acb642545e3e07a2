"""Every measure with its unit, formula, source and caveats: read by pages, exports, docs, CLI.

Words stand in ``graph/catalogue/<language>/analysis.toml``: ``analysis.metric.<id>.name`` and
``.reading``, ``analysis.unit.<unit>``, ``analysis.parameter.<parameter>``,
``analysis.caveat.<caveat>``. Formulas are symbols, the same in each language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph.messages import text

MetricKind = Literal["structure", "network", "resilience"]


@dataclass(frozen=True)
class Metric:
    """A measure.

    Attributes
    ----------
    id : str
        Column of :func:`structure_metrics`, key of :func:`network_summary`, or name of the answer.
    kind : {'structure', 'network', 'resilience'}
        What it describes.
    unit, formula, source : str
        Unit key, formula in symbols, where it was published.
    parameters, caveats : tuple of str
        Keys of what is fixed in it, and of what it does not say.
    """

    id: str
    kind: MetricKind
    unit: str
    formula: str
    source: str
    parameters: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def centrality(self) -> bool:
        """Tell whether the caveat on ego registers goes with it."""
        return "ego" in self.caveats

    def name(self, language: str = "fr") -> str:
        """Return its name for the screen."""
        return text(f"analysis.metric.{self.id}.name", language)

    def unit_name(self, language: str = "fr") -> str:
        """Return its unit in words."""
        return text(f"analysis.unit.{self.unit}", language)

    def parameter_texts(self, language: str = "fr") -> tuple[str, ...]:
        """Return what is fixed in it, in words."""
        return tuple(text(f"analysis.parameter.{key}", language) for key in self.parameters)

    def caveat_texts(self, language: str = "fr") -> tuple[str, ...]:
        """Return what it does not say, in words."""
        return tuple(text(f"analysis.caveat.{key}", language) for key in self.caveats)


_BURT = "Burt 1992"
_FREEMAN = "Freeman 1979"
_BORGATTI = "Borgatti 2006"
_ROLES = "Gould & Fernandez 1989"
_PLAIN = ("simple", "unweighted")

METRICS: tuple[Metric, ...] = (
    # --- structures ---------------------------------------------------------------------
    Metric("degree", "structure", "partners", "d(v) = |N(v)|", _FREEMAN, _PLAIN, ("ego",)),
    Metric(
        "strength", "structure", "weight", "s(v) = Σ_u w(u,v), w = Σ_c 1/(k_c − 1)",
        "Newman 2001; Barrat et al. 2004", ("simple", "weighted"), ("ego", "intensity"),
    ),
    Metric(
        "betweenness", "structure", "pairs", "b(v) = Σ_{s<t} σ_st(v)/σ_st",
        "Freeman 1977; Brandes 2001", (*_PLAIN, "unnormalised"), ("ego",),
    ),
    Metric(
        "closeness", "structure", "share", "c(v) = (r/(n−1)) · r/Σ_u d(u,v)",
        "Freeman 1979; Wasserman & Faust 1994", (*_PLAIN, "reach"), ("ego",),
    ),
    Metric(
        "eigenvector", "structure", "score", "A x = λ_max x, x ≥ 0, ‖x‖ = 1",
        "Bonacich 1972", (*_PLAIN, "by_component"), ("ego", "between_components"),
    ),
    Metric(
        "constraint", "structure", "score", "Σ_j (p_vj + Σ_q p_vq p_qj)², p_vj = 1/d(v)",
        _BURT, _PLAIN, ("ego", "isolates_undefined"),
    ),
    Metric(
        "effective_size", "structure", "partners", "d(v) − 2t(v)/d(v)",
        "Burt 1992; Borgatti 1997", _PLAIN, ("ego", "isolates_undefined"),
    ),
    Metric(
        "core_number", "structure", "order", "max k : v ∈ k-core", "Seidman 1983", _PLAIN, ("ego",)
    ),
    Metric(
        "community", "structure", "number", "max Q, Louvain", "Blondel et al. 2008",
        (*_PLAIN, "seeded"), ("heuristic",),
    ),
    Metric(
        "is_cut_point", "structure", "yes_no", "c(G − v) > c(G)", "Hopcroft & Tarjan 1973",
        _PLAIN, ("ego",),
    ),
    Metric("coordinator", "structure", "paths", "A→A→A", _ROLES, ("open_pairs",), ("ego",)),
    Metric("itinerant", "structure", "paths", "A→B→A", _ROLES, ("open_pairs",), ("ego",)),
    Metric("gatekeeper", "structure", "paths", "A→B→B", _ROLES, ("open_pairs",), ("ego",)),
    Metric("representative", "structure", "paths", "A→A→B", _ROLES, ("open_pairs",), ("ego",)),
    Metric("liaison", "structure", "paths", "A→B→C", _ROLES, ("open_pairs",), ("ego",)),
    # --- network ------------------------------------------------------------------------
    Metric("nodes", "network", "structures", "n", _FREEMAN),
    Metric("ties", "network", "ties", "m", _FREEMAN, ("simple",)),
    Metric("density", "network", "share", "2m / (n(n−1))", "Wasserman & Faust 1994", _PLAIN,
           ("size",)),
    Metric("components", "network", "parts", "c(G)", "Wasserman & Faust 1994", _PLAIN),
    Metric(
        "degree_centralization", "network", "share", "Σ(max d − d) / ((n−1)(n−2))", _FREEMAN,
        _PLAIN, ("ego",),
    ),
    Metric(
        "betweenness_centralization", "network", "share",
        "Σ(max b − b) / ((n−1)²(n−2)/2)", _FREEMAN, _PLAIN, ("ego",),
    ),
    Metric(
        "closeness_centralization", "network", "share",
        "Σ(max c − c) / ((n−1)(n−2)/(2n−3))", _FREEMAN, (*_PLAIN, "largest"), ("ego",),
    ),
    Metric(
        "transitivity", "network", "share", "3 · triangles / Σ d(d−1)/2",
        "Luce & Perry 1949", _PLAIN, ("cliques",),
    ),
    Metric(
        "mean_distance", "network", "steps", "mean d(u,v) over reachable pairs",
        "Wasserman & Faust 1994", (*_PLAIN, "reach"), ("ego",),
    ),
    Metric(
        "ei_index", "network", "index", "(E − I)/(E + I)", "Krackhardt & Stern 1988",
        ("simple", "known_groups"),
    ),
    Metric(
        "assortativity", "network", "index", "(Σ e_ii − Σ a_i²)/(1 − Σ a_i²)", "Newman 2003",
        ("simple", "known_groups"),
    ),
    Metric(
        "modularity", "network", "index", "Q = Σ_c (m_c/m − (d_c/2m)²)",
        "Newman & Girvan 2004", (*_PLAIN, "seeded"), ("heuristic",),
    ),
    Metric("bridges", "network", "ties", "|{e : c(G − e) > c(G)}|", "Hopcroft & Tarjan 1973",
           _PLAIN, ("ego",)),
    Metric("isolates", "network", "structures", "|{v : d(v) = 0}|", "Wasserman & Faust 1994"),
    Metric(
        "multiplexity", "network", "cooperations", "mean |C(u,v)| over ties with C ≠ ∅",
        "Wasserman & Faust 1994", (), ("intensity",),
    ),
    # --- resilience ---------------------------------------------------------------------
    Metric("F", "resilience", "share", "1 − Σ_c s(s−1) / (n(n−1))", _BORGATTI, _PLAIN, ("ego",)),
    Metric("DF", "resilience", "share", "1 − Σ_{u≠v} 1/d(u,v) / (n(n−1))", _BORGATTI, _PLAIN,
           ("ego",)),
    Metric(
        "key_players", "resilience", "structures", "argmax_{|S|=k} F(G − S)", _BORGATTI, _PLAIN,
        ("ego", "greedy"),
    ),
    Metric(
        "sole_relays", "resilience", "structures", "v dom x from the focus",
        "Cooper, Harvey & Kennedy 2001", _PLAIN, ("register",),
    ),
    Metric("cut_off", "resilience", "structures", "reach(G) − reach(G − S)", _BORGATTI, _PLAIN,
           ("register",)),
    Metric("outside_ties", "resilience", "ties", "m(G − focus)", _BURT, ("simple",),
           ("register",)),
    Metric("direct_partners", "resilience", "structures", "|N(focus)|", _FREEMAN, ("simple",)),
)  # fmt: skip


def metric(key: str) -> Metric:
    """Return the measure called `key`.

    Raises
    ------
    KeyError
        No such measure.
    """
    for item in METRICS:
        if item.id == key:
            return item
    raise KeyError(key)
