"""A pushed notice reaches the published version by itself, through the real processes, and survives their end."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.company import ROOT, LiveCompany, until
from tests.live.pushed import SECRET, VARIABLE, is_published, make_pushing, push, reassign, results

pytestmark = pytest.mark.alone


@pytest.fixture
def pushing(live: LiveCompany, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveCompany]:
    """Its web and sync processes; only notices bring anything within the hour."""
    monkeypatch.setenv(VARIABLE, SECRET)
    make_pushing(live.folder / "tandem.toml")
    live.serve()
    live.start("_sync")
    until(lambda: live.ledger("SELECT 1 FROM feed WHERE source = 'crm' AND stream = 'account' AND due_at IS NOT NULL"))
    yield live


def test_a_notice_reaches_the_published_version(pushing: LiveCompany) -> None:
    taken = []
    for number in range(3):
        owner = f"Pushed Owner {number}"
        account = reassign(pushing.folder, owner)
        started = time.monotonic()
        notice = {"entity": "customer", "key": account}
        assert push(pushing.address, notice, delivery=f"d-{number}")["duplicate"] is False
        until(lambda owner=owner: is_published(pushing, owner), pause=0.02)
        taken.append(time.monotonic() - started)
    version = pushing.version()
    assert push(pushing.address, notice, delivery="d-2")["duplicate"] is True
    until(lambda: results(pushing) == ["published"] * 3)
    assert pushing.version() == version
    print("notice -> published version, seconds:", ", ".join(f"{seconds:.2f}" for seconds in taken))


def test_a_notice_taken_by_nobody_waits_for_the_next_process(pushing: LiveCompany) -> None:
    pushing.kill("_sync")
    account = reassign(pushing.folder, "Owner Meanwhile")
    push(pushing.address, {"entity": "customer", "key": account})
    pushing.kill("_web")
    assert not is_published(pushing, "Owner Meanwhile")
    pushing.start("_sync")
    until(lambda: is_published(pushing, "Owner Meanwhile"))
    until(lambda: len(results(pushing)) == 1)


def test_a_forged_notice_is_refused(pushing: LiveCompany) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        push(pushing.address, {"entity": "customer", "key": "1"}, secret="guessed")
    assert caught.value.code == 401 and pushing.ledger("SELECT 1 FROM hook_notice") == []


def test_the_example_of_the_readme_works(pushing: LiveCompany, monkeypatch: pytest.MonkeyPatch) -> None:
    if not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("curl or openssl is missing")
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("### Webhooks")[2]
    script = section.partition("```sh\n")[2].partition("```")[0]
    assert "http://127.0.0.1:8050/hooks/crm" in script and '"key": "17"' in script
    account = reassign(pushing.folder, "Owner by curl")
    script = script.replace("http://127.0.0.1:8050", pushing.address).replace('"key": "17"', f'"key": "{account}"')
    done = subprocess.run(
        ["bash", "-euc", script], capture_output=True, text=True, timeout=60, cwd=Path(pushing.folder)
    )
    assert done.returncode == 0 and '"duplicate":false' in done.stdout.replace(" ", ""), done.stderr
    until(lambda: is_published(pushing, "Owner by curl"))
