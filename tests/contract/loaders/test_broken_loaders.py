"""Each check of the contract fails on a loader that breaks it: a check that cannot fail is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from graph.dates import PartialDate
from graph.model import AnyClaim, Fact, MembershipClaim, StructureClaim
from graph.store.port import LoadBatch, ReadReport, Rejection
from loaders import finess
from loaders.base import LoadContext, SourceSpec
from tests.contract.loaders import samples
from tests.contract.loaders.subject import Sample, Subject
from tests.contract.loaders.test_conformance import CHECKS
from tests.support.memory_store import MemoryStore

Change = Callable[[LoadBatch], LoadBatch]


def claim_with(**values: Any) -> Change:
    """Return a change of the first establishment of a batch."""

    def change(batch: LoadBatch) -> LoadBatch:
        row = next(i for i, c in enumerate(batch.claims) if getattr(c, "level", "") == "ET")
        claims: list[AnyClaim] = [*batch.claims]
        claims[row] = msgspec.structs.replace(claims[row], **values)
        return msgspec.structs.replace(batch, claims=claims)

    return change


def batch_with(**values: Any) -> Change:
    return lambda batch: msgspec.structs.replace(batch, **values)


def report_with(**values: Any) -> Change:
    return lambda batch: msgspec.structs.replace(
        batch, report=msgspec.structs.replace(batch.report, **values)
    )


def first_claim_twice(batch: LoadBatch) -> LoadBatch:
    return msgspec.structs.replace(batch, claims=[*batch.claims, batch.claims[0]])


def membership_with_another_id(batch: LoadBatch) -> LoadBatch:
    odd = MembershipClaim(
        id="x", source=batch.claims[0].source, locator="x", member="a", group="b", part="94"
    )
    return msgspec.structs.replace(batch, claims=[*batch.claims, odd])


def untitled_source(batch: LoadBatch) -> LoadBatch:
    sources = tuple(msgspec.structs.replace(item, title=" ") for item in batch.sources)
    return msgspec.structs.replace(batch, sources=sources)


def rejected(code: str, row: str = "ligne 1") -> Change:
    return report_with(rejections=[Rejection(row=row, code=code)])


def broken(change: Change, sample: Sample) -> Subject:
    """Return a subject whose loader changes what the sound one reads."""

    def read(paths: Any, context: LoadContext) -> LoadBatch:
        return change(finess.read(paths, context))

    return Subject(msgspec.structs.replace(finess.SPEC, read=read), sample)


BROKEN: dict[str, list[Change]] = {
    "check_keys": [
        first_claim_twice,
        membership_with_another_id,
        claim_with(id="94000001"),
        claim_with(id="Clinique X"),
    ],
    "check_evidence": [
        claim_with(source="rumour"),
        claim_with(locator=" "),
        claim_with(facts=(Fact(topic="lits", source="rumour"),)),
        claim_with(facts=(Fact(topic=""),)),
    ],
    "check_parts": [claim_with(part="75"), batch_with(parts=frozenset({"91"}))],
    "check_codes": [
        claim_with(kind="HOSPITAL"),
        claim_with(legal_status="private"),
        claim_with(precision="exact"),
        claim_with(level="GHT"),
    ],
    "check_territories": [
        claim_with(commune="94999"),
        claim_with(commune="Créteil"),
        claim_with(covers=("94028",)),
        claim_with(covers=("canton:9401",)),
        claim_with(covers=("commune:94999",)),
    ],
    "check_dates": [
        claim_with(opened=PartialDate("2026-02-30")),
        claim_with(closed=PartialDate("12/05/2026")),
        claim_with(opened=PartialDate("2020"), closed=PartialDate("2019")),
        claim_with(facts=(Fact(topic="lits", date=PartialDate("hier")),)),
    ],
    "check_positions": [
        claim_with(longitude=None),
        claim_with(longitude=659757.0, latitude=6854602.0),
        claim_with(latitude=96.0),
        claim_with(precision=None),
        claim_with(longitude=2.45222744),
        claim_with(facts=(Fact(topic="lits", value=float("nan")),)),
    ],
    "check_privacy": [
        claim_with(address="12 rue X, 01 45 67 89 01"),
        claim_with(notes=("+33 145678901",)),
        claim_with(name="Accueil : accueil@exemple.fr"),
        claim_with(notes=("Mme Untel",)),
        claim_with(notes=("Directeur : M. Untel",)),
        claim_with(facts=(Fact(topic="contact", value="Dr Untel"),)),
        claim_with(notes=("185057800608436",)),
    ],
    "check_identity": [
        batch_with(loader="other"),
        batch_with(series="other:x"),
        batch_with(guarded=True),
        batch_with(file=None),
        batch_with(checksum=None),
        untitled_source,
    ],
    "check_counts": [
        report_with(kept=0),
        report_with(read=99),
        report_with(rejections=[]),
        report_with(rejections=[Rejection(row="1", code="finess.duplicate")] * 1001),
        batch_with(claims=[]),
        batch_with(report=ReadReport(read=2, kept=2)),
    ],
    "check_reasons": [rejected("finess.nothing"), rejected("finess.duplicate", row=" ")],
    "check_departements": [],
    "check_documented": [],
    "check_repeatable": [],
    "check_store_untouched": [],
    "check_bad_files": [],
}
"""Changes under which each check must fail; the last five have loaders of their own below."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return samples.finess(tmp_path_factory.mktemp("broken"))


def must_fail(name: str, subject: Subject) -> None:
    (check,) = [check for check in CHECKS if check.__name__ == name]
    with pytest.raises((AssertionError, KeyError)):
        check(subject)


def test_every_check_is_shown_to_fail() -> None:
    assert set(BROKEN) == {check.__name__ for check in CHECKS}


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name, changes in BROKEN.items() for change in changes],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_loader_is_found(name: str, change: Change, sample: Sample) -> None:
    must_fail(name, broken(change, sample))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_sound_loader_passes(check: Callable[[Subject], None], sample: Sample) -> None:
    check(broken(lambda batch: batch, sample))


def test_a_loader_that_nobody_described_is_found(sample: Sample) -> None:
    spec = msgspec.structs.replace(finess.SPEC, id="finess_bis")
    must_fail("check_documented", Subject(spec, sample))


def test_a_loader_that_takes_all_departements_is_found(sample: Sample) -> None:
    def read(paths: Any, context: LoadContext) -> LoadBatch:
        return finess.read(paths, msgspec.structs.replace(context, departements=()))

    must_fail(
        "check_departements", Subject(msgspec.structs.replace(finess.SPEC, read=read), sample)
    )


def test_a_loader_that_changes_its_mind_is_found(sample: Sample) -> None:
    reads: list[int] = []

    def unstable(batch: LoadBatch) -> LoadBatch:
        reads.append(1)
        claims = batch.claims if len(reads) == 1 else batch.claims[::-1]
        return msgspec.structs.replace(batch, claims=claims)

    must_fail("check_repeatable", broken(unstable, sample))


def test_a_loader_that_counts_otherwise_the_second_time_is_found(sample: Sample) -> None:
    reads: list[int] = []

    def unstable(batch: LoadBatch) -> LoadBatch:
        reads.append(1)
        return report_with(skipped=len(reads))(batch)

    must_fail("check_repeatable", broken(unstable, sample))


def test_a_loader_that_writes_to_the_store_is_found(sample: Sample) -> None:
    store = MemoryStore()

    def read(paths: Any, context: LoadContext) -> LoadBatch:
        batch = finess.read(paths, context)
        store.apply(batch)
        return batch

    writing = msgspec.structs.replace(finess.SPEC, read=read)
    own = msgspec.structs.replace(sample, context=LoadContext(store=store))
    must_fail("check_store_untouched", Subject(writing, own))


@pytest.mark.parametrize("error", [ValueError("x"), UnicodeDecodeError("utf-8", b"", 0, 1, "x")])
def test_a_loader_that_stumbles_on_bad_files_is_found(error: Exception, sample: Sample) -> None:
    def read(paths: Any, context: LoadContext) -> LoadBatch:
        raise error

    stumbling = msgspec.structs.replace(finess.SPEC, read=read)
    must_fail("check_bad_files", Subject(stumbling, sample))


def test_a_loader_that_takes_anything_is_found(sample: Sample) -> None:
    def read(paths: Any, context: LoadContext) -> LoadBatch:
        claim = StructureClaim(id="940000001", source="s", locator="l")
        return LoadBatch(
            loader="finess", series="finess", sources=(), claims=[claim], report=ReadReport()
        )

    gullible: SourceSpec = msgspec.structs.replace(finess.SPEC, read=read)
    must_fail("check_bad_files", Subject(gullible, sample))


def test_a_missing_sample_of_a_known_path_is_an_error_not_a_pass(tmp_path: Path) -> None:
    subject = Subject(finess.SPEC, Sample(paths=(tmp_path / "none.csv",)))
    for check in CHECKS[:2]:
        with pytest.raises(Exception, match="not found"):
            check(subject)
