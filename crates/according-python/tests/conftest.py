"""Texts of our own, and reports on them; and a server where there is one."""

import os
from pathlib import Path
from urllib.parse import urlsplit

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


@pytest.fixture()
def server(request, monkeypatch):
    """The address of a corpus on a PostgreSQL server, which is not there yet. The password is
    in ``PGPASSWORD``."""
    told = os.environ.get("ACCORDING_TEST_POSTGRES")
    if not told:
        pytest.skip("needs ACCORDING_TEST_POSTGRES, as crates/according-store/tests/postgres tells it")
    parts = urlsplit(told)
    monkeypatch.setenv("PGPASSWORD", parts.password)
    schema = f"python_{os.getpid()}_{request.node.name}".translate(str.maketrans("[]", "__"))
    return (f"postgres://{parts.username}@{parts.hostname}:{parts.port}{parts.path}"
            f"?options=-csearch_path%3D{schema}")
