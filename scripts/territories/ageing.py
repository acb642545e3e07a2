"""Population of 65 and over by commune, summed from the IRIS of the 2021 census."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

JUMP = 1.25
"""A commune whose 2021 population exceeds its 2023 population by a quarter has not shrunk: its
figure still counts communes that have been re-established since."""


class Ageing(NamedTuple):
    """65+ by commune of today.

    `carried` maps a commune without a figure to the one whose figure still includes it: neither
    has a figure of its own, but their sum is right in any territory that holds both.
    """

    known: dict[str, int]
    carried: dict[str, str]
    joint: dict[str, int]


def read_ageing(
    iris: pd.DataFrame, current: Mapping[str, str], communes: list[dict[str, Any]]
) -> Ageing:
    """Return 65+ by commune of today; `communes` are the commune-level rows of the code file."""
    codes = {row["code"] for row in communes}
    home = iris.com.map(lambda code: code if code in codes else current.get(code))
    sums = iris.groupby(home)[["pop", "pop_65p"]].sum()
    lacking = [row for row in communes if row["code"] not in sums.index]
    carried = _carriers(sums, communes, lacking)
    joint = {code: int(sums.pop_65p[code]) for code in set(carried.values())}
    known = {str(code): int(n) for code, n in sums.pop_65p.items() if code not in joint}
    return Ageing(known, carried, joint)


def _carriers(
    sums: pd.DataFrame, communes: list[dict[str, Any]], lacking: list[dict[str, Any]]
) -> dict[str, str]:
    """Return, for communes re-established since 2021, the commune that they were part of.

    That is the one of the same département whose 2021 population is far above that of today and
    is explained by adding theirs back.
    """
    carried: dict[str, str] = {}
    by_department: dict[str, list[dict[str, Any]]] = {}
    for row in lacking:
        by_department.setdefault(row["departement"], []).append(row)
    for row in communes:
        missing = by_department.get(row["departement"], [])
        if not missing or row["code"] not in sums.index:
            continue
        before, today = int(sums["pop"][row["code"]]), row.get("population", 0)
        together = today + sum(other.get("population", 0) for other in missing)
        if before > JUMP * today and abs(before - together) < 0.1 * before:
            carried.update({other["code"]: row["code"] for other in missing})
    return carried


def sum_upward(ageing: Ageing, parent: Mapping[str, str | None]) -> dict[str, int | None]:
    """Return 65+ of each parent; None where any member's figure is missing.

    Parameters
    ----------
    ageing : Ageing
        Figures by commune.
    parent : mapping
        Commune code -> parent code, or None where it has none.
    """
    total: dict[str, int | None] = {}
    for code, above in sorted(parent.items()):
        if above is None:
            continue
        figure = _contribution(ageing, code, above, parent)
        so_far = total.get(above, 0)
        total[above] = None if figure is None or so_far is None else so_far + figure
    return total


def _contribution(
    ageing: Ageing, code: str, above: str, parent: Mapping[str, str | None]
) -> int | None:
    if code in ageing.carried:
        return 0 if parent.get(ageing.carried[code]) == above else None
    if code in ageing.joint:
        riders = [other for other, carrier in ageing.carried.items() if carrier == code]
        together = all(parent.get(other) == above for other in riders)
        return ageing.joint[code] if together else None
    return ageing.known.get(code)
