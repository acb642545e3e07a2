"""Dockerfile and compose.yaml, as far as can be told without a container engine."""

import re

import pytest

from tests.conftest import CHECKOUT

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (CHECKOUT / "compose.yaml").read_text(encoding="utf-8")
IGNORED = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()


def test_images_are_named_without_a_registry_host() -> None:
    named = re.findall(r"^(?:FROM| +image:) (\S+)", DOCKERFILE + COMPOSE, flags=re.MULTILINE)
    assert len(named) == 3
    assert [name for name in named if not re.fullmatch(r"[a-z0-9]+(:[a-z0-9.-]+)?", name)] == []


def test_no_password_stands_in_a_file() -> None:
    secret = re.findall(r"^ +(?:\w*PASSWORD|NEO4J_AUTH): (.+)$", COMPOSE, flags=re.MULTILINE)
    assert len(secret) == 2
    assert all("${MAILLAGE_NEO4J_PASSWORD:?" in value for value in secret)
    assert "PASSWORD" not in DOCKERFILE


def test_ports_are_open_on_this_machine_only() -> None:
    published = re.findall(r'^ +- "([\d.]+:)?\d+:\d+"', COMPOSE, flags=re.MULTILINE)
    assert published == ["127.0.0.1:"] * 3


def test_the_application_runs_as_a_user_from_pinned_packages() -> None:
    steps = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if re.match(r"[A-Z]", line)]
    user = max(number for number, (name, *_) in enumerate(steps) if name == "USER")
    assert steps[user] == ["USER", "maillage"]
    assert "RUN" not in [name for name, *_ in steps[user:]]
    installs = re.findall(r"pip install (.*)", DOCKERFILE)
    assert [line for line in installs if not re.search("--require-hashes|--no-deps", line)] == []


@pytest.mark.parametrize("needed", ["requirements.txt", "streamlit_app.py", "data", "README.md"])
def test_what_the_image_needs_is_sent_to_its_build(needed: str) -> None:
    assert (CHECKOUT / needed).exists()
    assert needed not in IGNORED


@pytest.mark.parametrize("secret", [".env", ".streamlit/secrets.toml", "*.db"])
def test_secrets_and_stores_stay_out_of_the_image(secret: str) -> None:
    assert secret in IGNORED
