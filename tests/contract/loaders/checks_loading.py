"""What every load must be: counted, explained, repeatable, documented, safe on bad input."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest

from graph.errors import InputError, MaillageError, UsageError
from graph.messages import LANGUAGES, catalogue
from graph.resolve import PRECEDENCE
from loaders.base import REJECTIONS_KEPT, LoadContext
from loaders.registry import check_departements as check_asked
from tests.contract.loaders.subject import Subject


def check_identity(subject: Subject) -> None:
    """The batch names its loader, a series of it, its file and their digest."""
    batch, spec = subject.batch, subject.spec
    assert batch.loader == spec.id, batch.loader
    assert batch.series.split(":")[0] == spec.id, batch.series
    assert batch.guarded == spec.guarded
    assert spec.family in PRECEDENCE, spec.family
    for source in batch.sources:
        assert source.family in PRECEDENCE, f"{source.id}: family {source.family}"
        assert source.title.strip(), f"{source.id}: no title"
    if subject.sample.paths:
        assert batch.file, "no file name"
        assert batch.checksum, "no digest"


def check_counts(subject: Subject) -> None:
    """Every row read is kept, skipped or rejected, and something was kept."""
    report = subject.batch.report
    assert report.read == report.kept + report.skipped + report.rejected, report
    assert report.kept > 0, "nothing kept"
    assert subject.batch.claims, "no claim"
    assert (report.rejected > 0) == bool(report.rejections), "rejected rows without a reason"
    assert len(report.rejections) <= REJECTIONS_KEPT
    if subject.sample.flawed:
        assert report.rejected > 0, "the sample holds a bad row that was not rejected"


def check_reasons(subject: Subject) -> None:
    """Every rejection and warning says where and why, in French and in English."""
    report = subject.batch.report
    for item in [*report.rejections, *report.warnings]:
        assert item.row.strip(), f"{item.code}: which row?"
        reasons = {}
        for language in LANGUAGES:
            reasons[language] = reason = item.reason(language)
            assert reason.strip(), f"{item.code}: no reason in {language}"
            assert "{" not in reason, f"{item.code}: {reason}"
        assert reasons["fr"] != reasons["en"], f"{item.code}: not translated: {reasons['fr']}"


def check_repeatable(subject: Subject) -> None:
    """The same files give the same claims in the same order, and the same report."""
    first, second = subject.batch, subject.again
    assert first.claims == second.claims, "claims differ between two reads"
    assert msgspec.to_builtins(first.report) == msgspec.to_builtins(second.report)
    assert first.sources == second.sources
    assert (first.series, first.parts, first.checksum) == (
        second.series,
        second.parts,
        second.checksum,
    )


def check_store_untouched(subject: Subject) -> None:
    """A loader only reads the store."""
    store = subject.sample.context.store
    if store is not None:
        before = store.revision()
        subject.read()
        assert store.revision() == before, "the loader changed the store"


ELSEWHERE = ("976",)
"""A département of which no sample speaks."""


def check_departements(subject: Subject) -> None:
    """A loader that says so takes nothing of other départements; any other is not asked."""
    if not subject.spec.by_departement:
        with pytest.raises(UsageError):
            check_asked(subject.spec, ELSEWHERE)
        return
    check_asked(subject.spec, ELSEWHERE)
    context = msgspec.structs.replace(subject.sample.context, departements=ELSEWHERE)
    try:
        elsewhere = subject.spec.read(subject.sample.paths, context).claims
    except InputError:
        return  # nothing is left
    taken = {(type(claim), claim.id) for claim in elsewhere}
    both = taken & {(type(claim), claim.id) for claim in subject.batch.claims}
    assert not both, f"taken though of another département: {sorted(ident for _, ident in both)}"


def check_documented(subject: Subject) -> None:
    """``maillage sources`` can say in both languages what the loader is and what it reads."""
    said = []
    for language in LANGUAGES:
        messages = catalogue(language)
        for name in ("title", "reads"):
            key = f"source.{subject.spec.id}.{name}"
            assert messages.get(key, "").strip(), f"{key} misses in {language}"
        said.append(messages[f"source.{subject.spec.id}.reads"])
    assert said[0] != said[1], "not translated"


BAD_FILES = {
    "missing": None,
    "empty": b"",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01\x02",
    "noise": bytes(range(1, 256)) * 8,
    "other": "prénom;âge\nX;3\n".encode(),
}


def check_bad_files(subject: Subject) -> None:
    """A file that is not what it should be gives one clear error, never a traceback."""
    if not subject.spec.extensions:
        return
    with TemporaryDirectory() as folder:
        for extension in subject.spec.extensions:
            for name, content in BAD_FILES.items():
                path = Path(folder) / f"synthetic-{name}{extension}"
                if content is not None:
                    path.write_bytes(content)
                _refuses(subject, path)


def _refuses(subject: Subject, path: Path) -> None:
    caught = _error_of(subject, path)
    assert caught is not None, f"{path.name}: read as if it were sound"
    assert isinstance(caught, MaillageError), f"{path.name}: {type(caught).__name__}: {caught}"
    for language in LANGUAGES:
        message = caught.message(language)
        assert message.strip(), f"{path.name}: {caught.code} says nothing"
        assert "Traceback" not in message


def _error_of(subject: Subject, path: Path) -> Exception | None:
    try:
        subject.spec.read([path], LoadContext(store=subject.sample.context.store))
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        return error
    return None
