"""Checks stand in modules of their own: their assertions are explained like those of tests."""

import pytest

pytest.register_assert_rewrite(
    "tests.contract.store.checks_hostile",
    "tests.contract.store.checks_loading",
    "tests.contract.store.checks_moving",
    "tests.contract.store.checks_reading",
    "tests.contract.store.checks_sharing",
    "tests.contract.store.checks_walking",
)
