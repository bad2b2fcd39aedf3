"""A system that can only export files: the same company as through its database, table by table, row by row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data_access.doctor import examine
from data_access.versions import read_pointer
from tests.real import exported
from tests.real.company import RealCompany, make_company
from tests.real.conftest import erp

pytestmark = pytest.mark.real


def core(company: RealCompany, name: str, con: duckdb.DuckDBPyConnection) -> list[str]:
    """The published version attached as `name`; its core tables."""
    folder = company.config.warehouse.path
    con.execute(f"ATTACH '{folder / f'wh-{read_pointer(folder)}.duckdb'}' AS {name} (READ_ONLY)")
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'core' ORDER BY 1"
    return [table for (table,) in con.execute(query, [name]).fetchall()]


def test_exported_files_make_the_same_company(postgres, whole_tryton, tmp_path: Path, capsys):
    by_sql, by_files = tmp_path / "sql", tmp_path / "files"
    (by_files / "exports").mkdir(parents=True)
    by_sql.mkdir()
    written = exported.export(postgres, whole_tryton, by_files / "exports")
    (by_files / "auszug.toml").write_text(exported.profile(), encoding="utf-8")
    source = {"name": "erp", "role": "erp", "profile": "auszug.toml", "folder": "exports"}
    files = make_company(by_files, source)
    assert [
        finding.line() for finding in examine(by_files / "tandem.toml", lambda _: None) if finding.level == "error"
    ] == []
    database = make_company(by_sql, erp(postgres, whole_tryton))
    for company in (files, database):
        report = company.sync()
        assert (report.status, report.errors, report.rejected) == ("published", [], 0)
    assert sum(stream.counts.read for stream in files.sync().streams) == 0, "nothing changed, nothing is read"

    con = duckdb.connect()
    tables = core(database, "db", con)
    assert core(files, "files", con) == tables and len(tables) > 25
    compared = {}
    for table in tables:
        # When a link came to hold is the instant of its own sync.
        # Which profile a source was read by differs on purpose.
        left_out = {"customer_link_history": "valid_from", "source": "system"}.get(table)
        rows = f"SELECT * EXCLUDE ({left_out})" if left_out else "SELECT *"
        both = [f"{rows} FROM {one}.core.{table}" for one in ("db", "files")]
        differing = con.execute(
            f"SELECT 'database', * FROM ({both[0]} EXCEPT ALL {both[1]}) UNION ALL"
            f" SELECT 'files', * FROM ({both[1]} EXCEPT ALL {both[0]}) LIMIT 6"
        ).fetchall()
        assert differing == [], table
        ((compared[table],),) = con.execute(f"SELECT count(*) FROM db.core.{table}").fetchall()
    assert compared["sales_order_line"] > 1_700 and compared["stock_move"] > 4_000
    with capsys.disabled():
        full = {table: rows for table, rows in compared.items() if rows}
        print(f"\n{len(written)} files, {sum(written.values()):,} exported rows; core tables compared row by row:")
        print(", ".join(f"{table} {rows:,}" for table, rows in full.items()))
