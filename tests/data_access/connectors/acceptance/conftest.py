from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.connectors.rest import connector
from tests.data_access.connectors.acceptance.harness import Harness
from tests.data_access.connectors.acceptance.subjects import SUBJECTS, Subject


@pytest.fixture(params=SUBJECTS)
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    """Filled two hours ago by its own clock."""
    with SUBJECTS[request.param](tmp_path / "source") as made:
        made.pass_time(7200)
        yield made


@pytest.fixture
def harness(subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
    """Every page of a REST interface is landed by itself, so that a cut can come between any two."""
    monkeypatch.setattr(connector, "LAND_ROWS", 1)
    made = Harness(subject, tmp_path)
    yield made
    made.close()
