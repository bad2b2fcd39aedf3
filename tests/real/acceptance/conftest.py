from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_access.connectors import fast
from tests.data_access.connectors.acceptance.harness import Harness
from tests.real.acceptance.subjects import POSTGRES, Table
from tests.real.conftest import FIXTURES
from tests.real.servers import Postgres


@pytest.fixture(scope="session")
def templates(postgres: Postgres) -> Callable[[str], str]:
    """The database of a script of the fixtures, loaded once."""
    made: dict[str, str] = {}

    def template(script: str) -> str:
        if script not in made:
            made[script] = postgres.create(f"accepted_{script}")
            postgres.load(made[script], (FIXTURES / f"{script}.sql").read_text(encoding="utf-8"))
        return made[script]

    return template


@pytest.fixture(params=POSTGRES)
def subject(
    request: pytest.FixtureRequest, postgres: Postgres, templates: Callable[[str], str], copy_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Table]:  # fmt: skip
    monkeypatch.setattr(fast, "BATCH_BYTES", 1024)  # some pages of even a small table
    with POSTGRES[request.param](postgres, lambda script: copy_of(templates(script))) as made:
        yield made


@pytest.fixture
def harness(subject: Table, tmp_path: Path) -> Iterator[Harness]:
    made = Harness(subject, tmp_path)
    yield made
    made.close()
