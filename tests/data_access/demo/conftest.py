"""A small demo company on SQLite, made once; tests that let time pass get a copy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data_access import demo
from tests.data_access.demo.demo_company import LINES, TODAY, Company, open_company


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.make(tmp_path_factory.mktemp("demo"), lines=LINES, seed=11, today=TODAY).directory


@pytest.fixture(scope="session")
def company(made: Path) -> Iterator[Company]:
    opened = open_company(made)
    yield opened
    opened.erp.close()
    opened.crm.close()


@pytest.fixture
def alive(made: Path, tmp_path: Path) -> Iterator[Callable[[], Company]]:
    """A copy in which time may pass; call it to (re)open the databases."""
    folder = tmp_path / "alive"
    shutil.copytree(made, folder)
    opened: list[Company] = []

    def reopen() -> Company:
        opened.append(open_company(folder))
        return opened[-1]

    yield reopen
    for one in opened:
        one.erp.close()
        one.crm.close()
