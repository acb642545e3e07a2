"""Age columns: what a header means, and sums from an age upward."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from graph.identifiers import fold

THRESHOLDS = (65, 75, 85)
OLDEST = 200

# INSEE: P22_POP6074, P22_POP90P, P22_H65P; socio-economic counts (C22_POP15P_CS1) are others
_INSEE = re.compile(r"p(?P<year>\d\d) (?P<who>pop|h|f)(?:(?P<low>\d\d)(?P<high>\d\d|p))?")
_INSEE_NAME = re.compile(r"[cp]\d\d ")
_OPEN = re.compile(r"\b(?P<low>\d{1,3})(?: ans)?(?: et| ou)? ?(?:plus|p)\b")
_BAND = re.compile(r"\b(?P<low>\d{1,3})(?: ans)?(?: a| to)? (?P<high>\d{1,3})\b")
_UNDER = re.compile(r"\b(?:moins de|under) (?P<high>\d{1,3})\b")
_TOTAL = re.compile(
    r"(?:(?:p\d\d )?pop|population|pmun|ensemble|total)(?: municipale| totale| legale)?(?: \d{4})?"
)
_RATIO = frozenset(
    {"part", "taux", "pct", "pourcentage", "proportion", "indice", "evolution", "share"}
)
_SEXES = {
    **dict.fromkeys(("h", "homme", "hommes", "masculin", "men", "male"), "h"),
    **dict.fromkeys(("f", "femme", "femmes", "feminin", "women", "female"), "f"),
}


class Band(NamedTuple):
    """People from `low` to `high` years (inclusive) of `sex`: ``""`` both, ``h``, ``f``."""

    low: int
    high: int
    sex: str


def band_of(header: str) -> Band | None:
    """Return the ages that a column counts, None if it counts no ages (or a share)."""
    text = fold(header.replace("+", " plus ").replace("%", " pct "))
    if _RATIO & set(text.split()):
        return None
    if _INSEE_NAME.match(text):
        insee = _INSEE.fullmatch(text)
        return _insee_band(insee) if insee else None
    if _TOTAL.fullmatch(text):
        return Band(0, OLDEST, "")
    sex = next((_SEXES[word] for word in text.split() if word in _SEXES), "")
    text = re.sub(r"[a-z]+(?=\d)", " ", text)
    return _worded_band(text, sex)


def _worded_band(text: str, sex: str) -> Band | None:
    if match := _OPEN.search(text):
        return Band(int(match["low"]), OLDEST, sex)
    if match := _BAND.search(text):
        return Band(int(match["low"]), int(match["high"]), sex)
    if match := _UNDER.search(text):
        return Band(0, int(match["high"]) - 1, sex)
    return None


def _insee_band(match: re.Match[str]) -> Band:
    sex = {"pop": "", "h": "h", "f": "f"}[match["who"]]
    if match["low"] is None:
        return Band(0, OLDEST, sex)
    return Band(int(match["low"]), OLDEST if match["high"] == "p" else int(match["high"]), sex)


def year_of(headers: Sequence[str]) -> int | None:
    """Return the census year that INSEE's column names state."""
    years = {int(m["year"]) for header in headers if (m := _INSEE.fullmatch(fold(header)))}
    return 2000 + years.pop() if len(years) == 1 else None


def cover(bands: Sequence[Band], low: int) -> tuple[Band, ...] | None:
    """Return the bands that together count everybody of `low` years and over, exactly once.

    Both sexes together where a column says so, else women and men; None where the bands leave a
    gap or straddle the age.
    """
    both = _chain(bands, low, "")
    if both is not None:
        return both
    women, men = _chain(bands, low, "f"), _chain(bands, low, "h")
    return None if women is None or men is None else women + men


def _chain(bands: Sequence[Band], low: int, sex: str) -> tuple[Band, ...] | None:
    chosen: list[Band] = []
    while low <= OLDEST:
        starting = [band for band in bands if band.low == low and band.sex == sex]
        if not starting:
            return None
        longest = max(starting, key=lambda band: band.high)
        chosen.append(longest)
        low = longest.high + 1
    return tuple(chosen)


def total_from(values: Mapping[Band, float | None], low: int) -> float | None:
    """Return how many people are `low` years and over, None where it cannot be said."""
    chosen = cover(tuple(values), low)
    if chosen is None:
        return None
    counts = [values[band] for band in chosen]
    return (
        None if any(count is None for count in counts) else sum(c for c in counts if c is not None)
    )
