"""Pure analysis of the network: knows no store.

Any networkx graph goes in, plain values and pandas frames come out; DESIGN.md section 8 names the
functions that others may rely on: :func:`network_summary`, :func:`structure_metrics`,
:func:`brokerage`, :func:`fragmentation`, :func:`accessibility`, :func:`maximal_coverage`.

A name brings its module when it is first asked for: parts that need little, and the command line,
start without pandas, SciPy and networkx. Hence no module here has the name of a function.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.analysis.betweenness import Estimate, sampled_betweenness
    from graph.analysis.broker_roles import brokerage
    from graph.analysis.catchment import accessibility
    from graph.analysis.comparison import Comparison, compare
    from graph.analysis.fragmenting import fragmentation
    from graph.analysis.key_player_sets import KeyPlayers, key_players
    from graph.analysis.multiplex import multiplexity, multiplexity_summary, two_mode_summary
    from graph.analysis.readings import estimate_reading, key_players_reading, reading, said_value
    from graph.analysis.registry import METRICS, Metric, metric
    from graph.analysis.relays import (
        SoleRelays,
        direct_partners,
        outside_ties,
        side_by_side,
        sole_relays,
        without,
    )
    from graph.analysis.removing import Removal, lost_supply, removal
    from graph.analysis.siting import SitingResult, SitingRules, maximal_coverage, set_covering
    from graph.analysis.structures import structure_metrics
    from graph.analysis.summary import network_summary
    from graph.analysis.watch import Stopped, Watch

__all__ = [
    "METRICS",
    "Comparison",
    "Estimate",
    "KeyPlayers",
    "Metric",
    "Removal",
    "SitingResult",
    "SitingRules",
    "SoleRelays",
    "Stopped",
    "Watch",
    "accessibility",
    "brokerage",
    "compare",
    "direct_partners",
    "estimate_reading",
    "fragmentation",
    "key_players",
    "key_players_reading",
    "lost_supply",
    "maximal_coverage",
    "metric",
    "multiplexity",
    "multiplexity_summary",
    "network_summary",
    "outside_ties",
    "reading",
    "removal",
    "said_value",
    "sampled_betweenness",
    "set_covering",
    "side_by_side",
    "sole_relays",
    "structure_metrics",
    "two_mode_summary",
    "without",
]

_NAMES = {
    "betweenness": ("Estimate", "sampled_betweenness"),
    "broker_roles": ("brokerage",),
    "catchment": ("accessibility",),
    "comparison": ("Comparison", "compare"),
    "fragmenting": ("fragmentation",),
    "key_player_sets": ("KeyPlayers", "key_players"),
    "multiplex": ("multiplexity", "multiplexity_summary", "two_mode_summary"),
    "readings": ("estimate_reading", "key_players_reading", "reading", "said_value"),
    "registry": ("METRICS", "Metric", "metric"),
    "relays": (
        "SoleRelays",
        "direct_partners",
        "outside_ties",
        "side_by_side",
        "sole_relays",
        "without",
    ),
    "removing": ("Removal", "lost_supply", "removal"),
    "siting": ("SitingResult", "SitingRules", "maximal_coverage", "set_covering"),
    "structures": ("structure_metrics",),
    "summary": ("network_summary",),
    "watch": ("Stopped", "Watch"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found
