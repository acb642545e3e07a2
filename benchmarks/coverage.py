"""Accessibility, siting and the coverage table at the size of the country (DESIGN.md section 9).

    python benchmarks/coverage.py                   everything, best of three rounds
    python benchmarks/coverage.py --only siting --repeat 1

- catchments: E2SFCA of all communes and 10,000 structures at 30 km, from coordinates, and beside
  PySAL `access` from the same cost table where that package is installed (it is no dependency:
  `pip install access` in an environment of its own);
- siting: the maximal covering problem with the communes of Île-de-France and 500 candidates;
- table: the coverage of all France by arrondissement, from records;
- distances: the nearest structure of every commune, the spread of all people, and every pair
  within 30 estimated minutes, as the page asks for them;
- growth: three sizes at one density; the slope of time on size, both in logarithms.

Communes are the bundled ones; structures are synthetic, in communes drawn by population. Peers are
measured in the same round, and results compared. Nothing here is a timed test: ratios are printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from graph.analysis.access import LIMITS, distribution
from graph.analysis.catchment import accessibility
from graph.analysis.coverage import coverage_table
from graph.analysis.demand import Demand, demand_points
from graph.analysis.proximity import located, pair_costs
from graph.analysis.reach import reach
from graph.analysis.service_areas import Atlas
from graph.analysis.siting import maximal_coverage
from graph.analysis.situation import Situation
from graph.analysis.travel import Crow, Estimated, Trips
from graph.model import Structure, Territory
from graph.projection import partner_network
from loaders.territories.bundled import bundled, shape_of

STRUCTURES = 10_000
RADIUS = 30_000.0
BANDS = {10_000.0: 1.0, 20_000.0: 0.68, 30_000.0: 0.22}
DAY = date(2026, 11, 25)


class Country(NamedTuple):
    """Communes and structures: degrees by id, people, places."""

    communes: pd.DataFrame
    structures: pd.DataFrame


@cache
def country() -> Country:
    """Return the communes from west to east, and structures where people live."""
    rows = [row for row in bundled().rows if row.level == "commune" and row.geometry]
    middles = [shape.point_on_surface() for row in rows if (shape := shape_of(row))]
    communes = pd.DataFrame(
        {
            "longitude": [point.x for point in middles],
            "latitude": [point.y for point in middles],
            "people": [float(row.population or 0) for row in rows],
            "region": [row.region for row in rows],
        },
        index=pd.Index([row.code for row in rows], dtype=object),
    ).sort_values("longitude")
    random = np.random.default_rng(6)
    share = communes["people"] / communes["people"].sum()
    homes = communes.iloc[random.choice(len(communes), STRUCTURES, p=share)]
    ids = pd.Index([f"s{number:05d}" for number in range(STRUCTURES)], dtype=object)
    structures = pd.DataFrame(
        {
            "longitude": homes["longitude"].to_numpy() + random.normal(0, 0.01, STRUCTURES),
            "latitude": homes["latitude"].to_numpy() + random.normal(0, 0.01, STRUCTURES),
            "places": random.integers(20, 200, STRUCTURES).astype(float),
            "commune": homes.index.to_numpy(),
        },
        index=ids,
    ).sort_values("longitude")
    return Country(communes, structures)


def best(
    work: Callable[[], Any], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, Any]:
    """Return the least seconds of some rounds, and what the work gave."""
    seconds, result = math.inf, None
    for _ in range(rounds):
        began = clock()
        result = work()
        seconds = min(seconds, clock() - began)
    return seconds, result


def from_coordinates(where: Country) -> tuple[pd.DataFrame, pd.Series]:
    """Return cost table and accessibility, from degrees."""
    cost = pair_costs(*(located(side["longitude"], side["latitude"]) for side in where), RADIUS)
    return cost, accessibility(cost, where.communes["people"], where.structures["places"], BANDS)


def catchments(rounds: int) -> None:
    """Print the national E2SFCA, and the same beside `access`."""
    where = country()
    seconds, (cost, found) = best(partial(from_coordinates, where), rounds)
    worked, _ = best(partial(from_coordinates, where), rounds, time.process_time)
    print(
        f"E2SFCA, {len(where.communes):,} communes, {len(where.structures):,} structures, 30 km: "
        f"{seconds:.2f} s from coordinates, {worked:.2f} s of processor "
        f"({len(cost):,} pairs; goal: under 1 s)"
    )
    if importlib.util.find_spec("access") is None:
        print("access is not installed: no comparison")
        return
    plain = cost.astype({"origin": object, "destination": object})
    ours, mine = best(
        lambda: accessibility(plain, where.communes["people"], where.structures["places"], BANDS),
        rounds,
    )
    theirs, other = best(lambda: _access(where, plain), rounds)
    np.testing.assert_allclose(mine, other.reindex(mine.index).fillna(0.0), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(mine, found)
    print(
        f"the same from one cost table: ours {ours:.2f} s, access {theirs:.2f} s, "
        f"{theirs / ours:.1f} times faster (goal: 4)"
    )


def _access(where: Country, cost: pd.DataFrame) -> pd.Series:
    from access.fca import two_stage_fca
    from access.weights import step_fn

    return two_stage_fca(
        demand_df=where.communes[["people"]].rename(columns={"people": "demand"}),
        supply_df=where.structures[["places"]].rename(columns={"places": "supply"}),
        cost_df=cost.rename(columns={"destination": "dest"}),
        max_cost=RADIUS,
        demand_index=True,
        supply_index=True,
        weight_fn=step_fn(BANDS),
    )


def siting(rounds: int) -> None:
    """Print the time of the maximal covering problem in Île-de-France."""
    communes = country().communes.query("region == '11'")
    inside = country().structures["commune"].isin(communes.index)
    sites = country().structures[inside].head(500)
    ends = [located(side["longitude"], side["latitude"]) for side in (communes, sites)]
    for radius, count in ((3_000.0, 5), (5_000.0, 10), (5_000.0, 20), (10_000.0, 20)):
        cost = pair_costs(*ends, radius)
        seconds, found = best(
            partial(maximal_coverage, cost, communes["people"], radius, count, limit=20), rounds
        )
        print(
            f"MCLP, {len(communes):,} communes, {len(sites)} candidates, {radius / 1000:g} km, "
            f"p = {count}: {seconds:.2f} s, {found.objective:,.0f} people, "
            f"{len(found.optima)} equal optima{', perhaps more' if found.truncated else ''}"
        )


def table(rounds: int) -> None:
    """Print the time of the coverage of all France by arrondissement, and of its reach."""
    fields = ("level", "code", "name", "population", "population_65", "parents", "geometry")
    rows = [row for row in bundled().rows if row.level in {"commune", "arrondissement"}]
    territories = [
        Territory(id=row.ref, **{name: getattr(row, name) for name in fields}) for row in rows
    ]
    structures = [
        Structure(
            id=str(ident),
            kind="EHPAD",
            commune=str(home.commune),
            longitude=home.longitude,
            latitude=home.latitude,
            capacity={"places_hebergement": home.places},
        )
        for ident, home in country().structures.iterrows()
    ]
    refs = [row.ref for row in rows if row.level == "arrondissement"]

    def counted() -> tuple[Situation, int]:
        network = partner_network(structures[0].id, structures, [], [], DAY)
        seen = Situation(
            atlas=Atlas(territories),
            structures=structures,
            network=network,
            registers={"EHPAD": None},
        )
        return seen, len(coverage_table(seen, refs, ["EHPAD", "HAD", "CPTS"]).rows)

    seconds, (seen, count) = best(counted, rounds)
    print(
        f"coverage table, France by arrondissement, {len(structures):,} structures: "
        f"{seconds:.2f} s, {count:,} rows"
    )
    drawn = {row.code: shape_of(row) for row in rows if row.level == "commune"}
    people = {row.code: row.population_65 for row in rows if row.level == "commune"}
    gridding, demand = best(lambda: demand_points(drawn, people), 1)
    reaching, _ = best(lambda: reach(seen, refs, "EHPAD", demand, 10_000.0), 1)
    print(
        f"500 m grid of France: {gridding:.1f} s, {len(demand.people):,} points; "
        f"reach of a kind at 10 km: {reaching:.1f} s"
    )


def distances(rounds: int) -> None:
    """Print the time of the nearest, of the spread of people, and of pairs in minutes."""
    where = country()
    ends = [located(side["longitude"], side["latitude"]) for side in where]
    trips = Trips(*ends, dict(where.structures["commune"]))
    people = where.communes["people"].to_numpy()
    demand = Demand(ends[0], people, ())
    near, found = best(lambda: Crow().nearest(trips, RADIUS / 1000), rounds)
    cost, every = found["cost"].to_numpy(), frozenset(where.communes.index)
    limits = LIMITS["km"]
    spreading, spread = best(lambda: distribution("fr", every, demand, cost, limits), rounds)
    pairing, pairs = best(lambda: Estimated().costs(trips, 30.0), rounds)
    within = ", ".join(f"{limit:g} km: {share:.0%}" for limit, share in spread.within.items())
    print(f"nearest of {len(people):,} communes: {near:.2f} s; their people: {spreading:.2f} s")
    print(f"  {within}; median {spread.median:.1f} km")
    print(f"pairs within 30 estimated minutes: {pairing:.2f} s, {len(pairs):,} pairs")


def growth(rounds: int) -> None:
    """Print user time at three sizes of one density, and the slope."""
    shares = (0.5, 1.0, 2.0)
    for name, work in (("E2SFCA", from_coordinates), ("the nearest", _nearest)):
        seconds = [best(partial(work, even(share)), rounds, user_time)[0] for share in shares]
        slope = np.polyfit(np.log(shares), np.log(seconds), 1)[0]
        sizes = ", ".join(
            f"{share:.0%}: {taken:.2f} s" for share, taken in zip(shares, seconds, strict=True)
        )
        print(f"growth of {name}, user time, {sizes}; slope {slope:.2f} (goal: at most 1.15)")


def _nearest(where: Country) -> pd.DataFrame:
    """Return the nearest structure of each commune, from degrees."""
    ends = [located(side["longitude"], side["latitude"]) for side in where]
    return Crow().nearest(Trips(*ends, {}), RADIUS / 1000)


def user_time() -> float:
    """Return the user time of this process: what else runs makes pages slow to come, not it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


def even(share: float) -> Country:
    """Return communes and structures spread evenly, as many as `share` of the country's."""
    random = np.random.default_rng(7)
    sides = []
    for count, prefix in ((round(35_000 * share), "c"), (round(STRUCTURES * share), "s")):
        sides.append(
            pd.DataFrame(
                {
                    "longitude": random.uniform(-4.0, -4.0 + 6.5 * share, count),
                    "latitude": random.uniform(43.5, 49.5, count),
                    "people": random.integers(50, 5000, count).astype(float),
                    "places": random.integers(20, 200, count).astype(float),
                },
                index=pd.Index([f"{prefix}{number:05d}" for number in range(count)]),
            )
        )
    return Country(*sides)


PARTS: dict[str, Callable[[int], None]] = {
    "catchments": catchments,
    "siting": siting,
    "table": table,
    "distances": distances,
    "growth": growth,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    for name in options.only or PARTS:
        PARTS[name](options.repeat)


if __name__ == "__main__":
    main()
