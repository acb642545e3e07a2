"""Pure analysis of the network: knows no store.

Any networkx graph goes in, plain values and pandas frames come out; DESIGN.md section 8 names the
functions that others may rely on: :func:`network_summary`, :func:`structure_metrics`,
:func:`brokerage`, :func:`fragmentation`, :func:`accessibility`, :func:`maximal_coverage`.
"""

from graph.analysis.betweenness import Estimate, sampled_betweenness
from graph.analysis.brokerage import brokerage
from graph.analysis.catchment import accessibility
from graph.analysis.comparison import Comparison, compare
from graph.analysis.fragmentation import fragmentation
from graph.analysis.key_players import KeyPlayers, key_players
from graph.analysis.multiplexity import multiplexity, multiplexity_summary, two_mode_summary
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
from graph.analysis.removal import Removal, lost_supply, removal
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
