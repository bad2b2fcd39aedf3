from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.connectors.rest import connector
from tests.data_access.connectors.acceptance.files import FILES
from tests.data_access.connectors.acceptance.harness import Harness
from tests.data_access.connectors.acceptance.subjects import SUBJECTS, Subject

LOCAL = {**SUBJECTS, **FILES}


@pytest.fixture(params=LOCAL)
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    """Filled two hours ago by its own clock."""
    with LOCAL[request.param](tmp_path / "source") as made:
        made.pass_time(7200)
        yield made


@pytest.fixture
def harness(subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harness]:
    """Every page of a REST interface is landed by itself, so that a cut can come between any two."""
    monkeypatch.setattr(connector, "LAND_ROWS", 1)
    made = Harness(subject, tmp_path)
    yield made
    made.close()
