"""The text of Cypher: fixed words only, values as parameters, batches of a size."""

import re
from typing import Any

from graph.store.neo4j import claims, journal, labels, nodes, ties
from graph.store.neo4j.server import BATCH_BYTES, BATCH_ROWS, in_batches, send_batches
from graph.vocabulary import KINDS, LEVELS
from tests.contract.store.neo4j_queries import everything

OWN = {"Entity", "Source", "SourceRecord", "ReplacedSource", "ReplacedClaim", "Load", "Maillage"}
OWN |= {"MaillageCommits"}
OWN |= {"Geometry", "Theme"}
LABELS = {
    *labels.LABELS.values(),
    *labels.KIND_LABELS.values(),
    *labels.LEVEL_LABELS.values(),
} | OWN
TYPES = {*ties.CARRIED, "STATED_BY"}
QUOTED = re.compile(r"'[^']*'")
IN_NODE = re.compile(r"(?:\(|\b)(?:[a-z]\w*)?:([A-Z][A-Za-z_]*(?:[:|][A-Z][A-Za-z_]*)*)")
IN_TIE = re.compile(r"\[(?:[a-z]\w*)?:([A-Z_|]+)")


class Recorder:
    """Runs nothing and remembers what was asked."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def rows(self, text: str, /, **values: Any) -> list[list[Any]]:
        self.sent.append((text, values))
        return [[len(values.get("rows", ()))]]

    def send(self, text: str, /, **values: Any) -> None:
        self.sent.append((text, values))


def test_labels_and_types_are_of_the_lists() -> None:
    for text in everything():
        plain = QUOTED.sub("''", text)
        for found in IN_TIE.findall(plain):
            assert set(found.split("|")) <= TYPES, text
        for found in IN_NODE.findall(IN_TIE.sub("[", plain)):
            assert set(re.split("[:|]", found)) <= LABELS | TYPES, text
        assert "`" not in text


def test_every_kind_and_level_has_a_label_of_its_own() -> None:
    assert len(set(labels.KIND_LABELS.values())) == len(KINDS)
    assert len(set(labels.LEVEL_LABELS.values())) == len(LEVELS)
    for label in {*labels.KIND_LABELS.values(), *labels.LEVEL_LABELS.values()}:
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", label)
    assert labels.all_labels("structure", "EHPAD") == "Structure:Ehpad"


def test_an_unknown_kind_makes_no_label() -> None:
    assert labels.all_labels("structure", "Ehpad`) DETACH DELETE n //") == "Structure"
    assert labels.all_labels("territory", None) == "Territory"
    assert ("structure", "EHPAD`") not in nodes.WRITE


def test_values_of_a_load_are_parameters() -> None:
    recorder = Recorder()
    journal.forget(recorder, [7, 8])
    assert [values for _, values in recorder.sent] == [{"rows": [[7], [8]]}] * 2
    assert all("7" not in text for text, _ in recorder.sent)


def test_rows_go_by_batches_of_a_count() -> None:
    recorder = Recorder()
    rows = [[number] for number in range(2 * BATCH_ROWS + 1)]
    found = in_batches(recorder, "UNWIND $rows AS r", rows, values={"a": 1})
    assert found == [[BATCH_ROWS], [BATCH_ROWS], [1]]
    assert all(values["a"] == 1 for _, values in recorder.sent)
    send_batches(recorder, "UNWIND $rows AS r", rows, {"a": 1})
    assert recorder.sent[3:] == recorder.sent[:3]


def test_what_is_sent_ahead_returns_something() -> None:
    """The server works on behind our back only where there is something to bring back."""
    assert all(text.endswith("RETURN count(*)") for text in nodes.CREATE.values())
    assert claims.ADD.rstrip().endswith("RETURN count(*)")


def test_large_rows_go_by_batches_of_a_size() -> None:
    recorder = Recorder()
    in_batches(recorder, "UNWIND $rows AS r", ([b"x" * (BATCH_BYTES // 2)] for _ in range(5)))
    assert [len(values["rows"]) for _, values in recorder.sent] == [2, 2, 1]


def test_nothing_is_sent_for_no_rows() -> None:
    recorder = Recorder()
    assert in_batches(recorder, "UNWIND $rows AS r", []) == []
    assert recorder.sent == []
