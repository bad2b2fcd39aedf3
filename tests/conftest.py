"""What tests of several folders share: one Chromium and one demo company for the whole run."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from data_access import demo
from data_access.sync import threads
from tests.served import DemoCompany, Served, serve, synced
from tests.shares import place, share

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = share
    return scheduler


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place(item.nodeid))


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Companies of tests are small: for them a second thread of the engine costs a third more and gains nothing.
    The processes that tests start have both."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "SEVERAL", threads.FEW)
        yield


CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Its first window keeps what it read and compiled, as a person's does: a page's scripts are compiled once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        options = ["--disable-dev-shm-usage", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        profile = tmp_path_factory.mktemp("profile")
        window = driver.chromium.launch_persistent_context(profile, executable_path=CHROMIUM, args=options)
        assert window.browser
        yield window.browser
        window.close()


@pytest.fixture(scope="session")
def demo_company(tmp_path_factory: pytest.TempPathFactory) -> DemoCompany:
    """Synced once for all processes of the run, each of which has its copy; tests only read it."""
    own = tmp_path_factory.mktemp("company") / "company"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _synced_demo(own)
    shared = tmp_path_factory.getbasetemp().parent / "company"
    with open(shared.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = shared.with_suffix(".made")
        if not made.exists():
            made.write_bytes(pickle.dumps(_synced_demo(shared).synced))
    shutil.copytree(shared, own)
    return DemoCompany(own, pickle.loads(made.read_bytes()))


def _synced_demo(folder: Path) -> DemoCompany:
    demo.make(folder, lines=12_000)
    _keep_a_case_open(folder)
    return synced(folder)


def _keep_a_case_open(folder: Path) -> None:
    """Of late orders one has an open case of nine days or more: on some days the demo has none that is as old."""
    with sqlite3.connect(folder / "crm.db") as crm:
        done = crm.execute("""
            UPDATE crm_case SET case_status = 'Active', closed_on = NULL, satisfaction = NULL,
                opened_on = strftime('%Y-%m-%d %H:%M:%f', opened_on, '-9 days')
            WHERE case_id = (SELECT case_id FROM crm_case WHERE coalesce(deleted, 0) = 0 AND order_reference IS NOT NULL
                ORDER BY opened_on DESC, case_id LIMIT 1)""")
        assert done.rowcount == 1


@pytest.fixture(scope="session")
def served(demo_company: DemoCompany) -> Iterator[Served]:
    """Its web process alone: figures stand still."""
    with serve(demo_company) as found:
        yield found
