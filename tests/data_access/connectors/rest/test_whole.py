"""Jiandaoyun through the whole engine: killed and resumed; subforms as lines in core, built anew in parts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from data_access.config import Config, load_config
from data_access.sync.extract import Options, Retry
from data_access.sync.run import run_sync
from data_access.versions import read_pointer
from tests.simulator import Simulator
from tests.simulator.company import Company, load_jiandaoyun, make_truth

ROOT = Path(__file__).resolve().parents[4]
KEY = "jdy-secret-1"
LINES = "SELECT split_part(opportunity_id, ':', 2), quantity, amount_base FROM core.opportunity_line"
UNMAPPED = "SELECT count(*) FROM ops.quality_result WHERE kind = 'mapping' AND NOT passed"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JDY_KEY", KEY)


def configured(folder: Path, base_url: str) -> Config:
    (folder / "tandem.toml").write_text(
        '[company]\nname = "Test"\ncurrency = "CNY"\ntimezone = "Asia/Shanghai"\n[warehouse]\npath = "warehouse"\n'
        f'[[source]]\nname = "crm"\nrole = "crm"\nsystem = "jiandaoyun"\nbase_url = "{base_url}"\n'
        'api_key = "${JDY_KEY}"\napp = "客户关系管理"\n',
        encoding="utf-8",
    )
    return load_config(folder / "tandem.toml")


def landed(folder: Path, stream: str) -> list[str]:
    with duckdb.connect(str(folder / "warehouse" / "landing.duckdb"), read_only=True) as con:
        return [key for (key,) in con.execute(f"SELECT _key FROM crm__{stream} WHERE _deleted_at IS NULL").fetchall()]


@pytest.mark.usefixtures("key")
def test_a_killed_read_goes_on_where_its_last_page_was_committed(tmp_path: Path) -> None:
    """kill -9 in the middle of 40 pages: the next run asks for none of the pages that were committed."""
    now = [datetime.now(UTC) - timedelta(hours=1)]
    with Simulator(clock=lambda: now[0]) as sim:
        jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None)
        company = load_jiandaoyun(jdy, make_truth())
        form = company.entities["activity"].source
        form.insert_many({"跟进内容": f"更多{n}"} for n in range(4_000))
        now[0] += timedelta(hours=1)
        configured(tmp_path, jdy.base_url)
        command = [sys.executable, str(Path(__file__).with_name("killed.py")), str(tmp_path / "tandem.toml")]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        deadline = time.monotonic() + 60
        while len(sim.requested("跟进记录")) < 20 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.kill()
        process.wait()
        assert process.returncode == -9, "the read was over before the kill came"
        committed = landed(tmp_path, "activity")
        assert 0 < len(committed) < 4_080
        sim.requests.clear()
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        assert done.returncode == 0
        asked = len([seen for seen in sim.requested("跟进记录") if seen.path.endswith("data/list")])
        truth = [row["_id"] for row in form.rows]
        found = landed(tmp_path, "activity")
        assert sorted(found) == sorted(truth) and len(set(found)) == len(found)
        # The pages left with the empty one that ends them, then one for the changes since; the key sweep asks again.
        left = -(-(len(truth) - len(committed)) // 100) + 1
        every = -(-len(truth) // 100) + 1
        assert asked <= left + 2 + every
        assert len(committed) >= 1_000


def lines_of(company: Company) -> list[tuple[str, float, float]]:
    return sorted(
        (row["_id"], float(line["数量"]), float(line["金额"]))
        for row in company.rows("opportunity")
        for line in row["商机明细"]
    )


@pytest.mark.usefixtures("key")
def test_subforms_become_lines_and_live_and_die_with_their_parent(tmp_path: Path) -> None:
    with Simulator() as sim:
        jdy = sim.jiandaoyun(api_key=KEY, per_endpoint=None, total=None)
        company = load_jiandaoyun(jdy, make_truth())
        config = configured(tmp_path, jdy.base_url)
        form = company.entities["opportunity"].source
        hours = 0

        def sync_and_compare() -> None:
            nonlocal hours
            hours += 1
            later = timedelta(hours=hours)
            options = Options(retry=Retry(sleep=lambda seconds: None), clock=lambda: datetime.now(UTC) + later)
            report = run_sync(config, options=options)
            assert (report.status, report.errors) == ("published", [])
            version = tmp_path / "warehouse" / f"wh-{read_pointer(tmp_path / 'warehouse')}.duckdb"
            with duckdb.connect(str(version), read_only=True) as con:
                rows = con.execute(LINES).fetchall()
                deals = con.execute("SELECT count(*) FROM core.opportunity").fetchone()
                unmapped = con.execute(UNMAPPED).fetchone()
            found = sorted((deal, float(quantity), float(amount)) for deal, quantity, amount in rows)
            assert found == lines_of(company)
            assert deals == (len(form.rows),) and unmapped == (0,)

        sync_and_compare()
        with_lines = [row for row in form.rows if len(row["商机明细"]) > 1]
        one = with_lines[0]
        form.update(one["_id"], {"商机明细": [{**one["商机明细"][0], "数量": 77}]})
        sync_and_compare()
        form.delete(with_lines[1]["_id"])
        form.update(with_lines[2]["_id"], {"商机明细": []})
        sync_and_compare()
