"""Whatever the bytes, the FINESS loader answers with claims that add up or with one clear error."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import MaillageError
from graph.messages import LANGUAGES
from loaders import finess
from loaders.base import LoadContext
from tests.support import synthetic_finess
from tests.support.finess_rows import COMMENT, entity, establishment, position

LINES = [
    COMMENT,
    *(establishment(f"94000000{i}") for i in range(3)),
    entity(),
    position(),
    position("940000001", "x", ""),
]

cells = st.text(max_size=12) | st.sampled_from(
    ["", '"', ";", "\r", "94028", "2,69E+13", "01/01/2020"]
)
columns = st.integers(min_value=1, max_value=31)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a classic file in which some cells are anything."""
    lines = []
    for line in draw(st.lists(st.sampled_from(LINES), max_size=8)):
        row = line.split(";")
        for column in draw(st.lists(columns, max_size=4)):
            row[column % len(row)] = draw(cells)
        lines.append(";".join(row))
    return "\n".join(lines).encode(draw(st.sampled_from(["utf-8", "utf-16"])), "replace")


def read_or_refuse(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        path.write_bytes(content)
        try:
            report = finess.read([path], LoadContext()).report
        except MaillageError as error:
            report = None
            said = [error.message(language) for language in LANGUAGES]
    if report is None:
        assert all(said)
        return
    assert report.read == report.kept + report.skipped + report.rejected
    for item in [*report.rejections, *report.warnings]:
        assert all(item.reason(language) for language in LANGUAGES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(damaged() | st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    read_or_refuse(content)


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=3,
)


@st.composite
def damaged_feed(draw: st.DrawFn) -> bytes:
    """Return a feed in which some values are of any type."""
    feed: Any = {
        "generatedAt": "2026-08-13T00:00:00Z",
        "gcc": [synthetic_finess.ght()],
        "pmej": list(synthetic_finess.feed_entities(2, 2)),
    }
    for _ in range(draw(st.integers(1, 4))):
        spot, key = feed, draw(st.sampled_from(list(feed)))
        while isinstance(spot[key], dict | list) and spot[key] and draw(st.integers(0, 5)):
            spot = spot[key]
            keys = list(spot) if isinstance(spot, dict) else range(len(spot))
            key = draw(st.sampled_from(keys))
        spot[key] = draw(odd)
    return json.dumps(feed).encode()


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_feed())
def test_any_values_in_a_feed(content: bytes) -> None:
    read_or_refuse(content)
