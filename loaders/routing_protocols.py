"""How routing servers are spoken to: what is asked of each kind, and what its answers say.

- OSRM: ``GET /table/v1/{profile}/{lon,lat;...}?sources=...&destinations=...``; durations in
  seconds, null where there is no way; errors with a ``code``.
- Valhalla: ``GET /sources_to_targets?json=...``; times in seconds, null where there is no way;
  errors with an ``error_code``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

import numpy as np
import numpy.typing as npt

from graph.errors import UsageError

Floats = npt.NDArray[np.float64]
Document = dict[str, Any]

_MOST_LOCATIONS = 150
"""The error of Valhalla for more places than it takes at once."""


class TooBig(Exception):  # noqa: N818 - a reason to ask for less
    """The server wants fewer places at once."""


class Refused(Exception):  # noqa: N818 - a reason, put into words by whoever asked
    """The server refuses: its code, and its own words."""

    def __init__(self, code: object, message: object) -> None:
        words = " ".join(str(message or "").split())[:200]
        super().__init__(f"{code} {words}".strip())


class Protocol(NamedTuple):
    """A kind of server: its name, places of one request on each side, its path, its words.

    `query` writes what is asked of places in degrees, `seconds` reads the matrix of an answer.
    """

    name: str
    title: str
    side: int
    path: str
    query: Callable[[Floats, Floats], str]
    seconds: Callable[[Document], Any]


def osrm_query(origins: Floats, ends: Floats) -> str:
    """Return the path and query of a table."""
    places = ";".join(f"{x:.6f},{y:.6f}" for x, y in np.concatenate([origins, ends]))
    first, last = len(origins), len(origins) + len(ends)
    sources, targets = (";".join(map(str, each)) for each in (range(first), range(first, last)))
    return f"/{places}?sources={sources}&destinations={targets}"


def valhalla_query(origins: Floats, ends: Floats) -> str:
    """Return the query of a matrix."""
    sides = {"sources": _lonlat(origins), "targets": _lonlat(ends)}
    asked = json.dumps({**sides, "costing": "auto"}, separators=(",", ":"))
    return f"?json={quote(asked, safe=':,[]')}"


def _lonlat(places: Floats) -> list[dict[str, float]]:
    return [{"lon": round(float(x), 6), "lat": round(float(y), 6)} for x, y in places]


def osrm_seconds(document: Document) -> Any:  # noqa: ANN401 - not yet judged
    """Return the durations of an answer of OSRM."""
    code, message = document.get("code"), document.get("message")
    if code == "TooBig":
        raise TooBig(message)
    if code != "Ok":
        raise Refused(code, message)
    return document.get("durations")


def valhalla_seconds(document: Document) -> Any:  # noqa: ANN401 - not yet judged
    """Return the times of an answer of Valhalla, verbose or not."""
    if "error_code" in document:
        if document["error_code"] == _MOST_LOCATIONS:
            raise TooBig(document.get("error"))
        raise Refused(document["error_code"], document.get("error"))
    found = document.get("sources_to_targets")
    if isinstance(found, dict):
        return found.get("durations")
    return [_times(row) for row in found] if isinstance(found, list) else None


def _times(row: object) -> list[object] | None:
    if not isinstance(row, list):
        return None
    return [cell.get("time") if isinstance(cell, dict) else math.inf for cell in row]


OSRM = Protocol("osrm", "OSRM", 50, "/table/v1/driving", osrm_query, osrm_seconds)
"""Its usual limit is 100 places a table (``--max-table-size``)."""
VALHALLA = Protocol(
    "valhalla", "Valhalla", 25, "/sources_to_targets", valhalla_query, valhalla_seconds
)
"""Its usual limit is 50 places or 2,500 pairs; an address of 50 places stays under 4 kB."""


def protocol_of(said: str) -> tuple[Protocol, str]:
    """Return the protocol of an address, and what comes before the query.

    Raises
    ------
    UsageError
        No address of a server, or one with a login in it, which is not repeated.
    """
    if "@" in said:
        raise UsageError("routing.password")
    named = _NAMED.match(said)
    parts = _parts(said[named.end() :] if named else said)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
        raise UsageError("routing.address", value=said)
    path = parts.path.rstrip("/")
    valhalla = path.endswith(VALHALLA.path) or (named is not None and named[1] == "valhalla")
    protocol = VALHALLA if valhalla else OSRM
    base = f"{parts.scheme}://{parts.netloc}{path}"
    own = path.endswith(VALHALLA.path) if valhalla else "/table/" in path
    return protocol, base if own else f"{base}{protocol.path}"


def _parts(address: str) -> SplitResult | None:
    """Return the parts of an address; None where it cannot be one."""
    try:
        parts = urlsplit(address)
        port = parts.port  # judged only where it is read
    except ValueError:
        return None
    return parts if port != 0 else None


_NAMED = re.compile(r"(osrm|valhalla)\+")
