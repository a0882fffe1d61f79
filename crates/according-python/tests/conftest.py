"""Texts of our own, and reports on them."""

from pathlib import Path

import pytest

import according

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture(scope="session")
def paths():
    return sorted(EXAMPLES.glob("*.txt"))


@pytest.fixture(scope="session")
def texts(paths):
    return [path.read_text(encoding="utf-8") for path in paths]


@pytest.fixture(scope="session")
def reports(texts):
    return [report for report in according.read_many(texts)]
