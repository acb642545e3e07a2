"""Every loader of the registry keeps the contract: add a sample, and it is checked."""

from collections.abc import Callable
from pathlib import Path

import pytest

from loaders.registry import REGISTRY, loader
from tests.contract.loaders import checks_claims, checks_loading
from tests.contract.loaders.samples import SAMPLES
from tests.contract.loaders.subject import Subject

CHECKS: tuple[Callable[[Subject], None], ...] = (
    checks_claims.check_keys,
    checks_claims.check_evidence,
    checks_claims.check_parts,
    checks_claims.check_codes,
    checks_claims.check_territories,
    checks_claims.check_dates,
    checks_claims.check_positions,
    checks_claims.check_privacy,
    checks_loading.check_identity,
    checks_loading.check_counts,
    checks_loading.check_reasons,
    checks_loading.check_repeatable,
    checks_loading.check_store_untouched,
    checks_loading.check_departements,
    checks_loading.check_documented,
    checks_loading.check_bad_files,
)


def test_every_loader_has_a_sample() -> None:
    missing = {spec.id for spec in REGISTRY} - {name for name, _ in SAMPLES}
    assert not missing, f"add a sample to tests/contract/loaders/samples.py for {sorted(missing)}"


def test_ids_are_unique() -> None:
    ids = [spec.id for spec in REGISTRY]
    assert len(ids) == len(set(ids))
    assert all(loader(ident).id == ident for ident in ids)


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda sample: sample[1].__name__)
def subject(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    name, sample = request.param
    folder: Path = tmp_path_factory.mktemp(sample.__name__)
    return Subject(loader(name), sample(folder))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(subject: Subject, check: Callable[[Subject], None]) -> None:
    check(subject)
