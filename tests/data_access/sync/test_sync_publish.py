"""Versions: immutable, numbered, kept a while, and one can go back."""

from __future__ import annotations

import duckdb
import pytest

from data_access.errors import WarehouseError
from data_access.sync import publish
from data_access.sync.build import BuildResult
from data_access.sync.lineage import load_models
from data_access.sync.lock import one_writer
from data_access.versions import check_file, read_pointer, read_version


def change(tiny, name):
    tiny.party(1, name, f"2026-05-{len(name):02d} 00:00:00")
    return tiny.sync()


def numbers(tiny):
    return [each["version"] for each in publish.versions(tiny.warehouse)]


def test_newest_five_versions_are_kept(tiny):
    for count in range(1, 9):
        change(tiny, "n" * count)
    assert numbers(tiny) == [4, 5, 6, 7, 8] and read_pointer(tiny.warehouse) == 8
    assert sorted(path.name for path in tiny.warehouse.glob("wh-*.duckdb"))[0] == "wh-4.duckdb"


def test_version_is_what_its_manifest_says(tiny):
    tiny.sync()
    version = read_version(tiny.warehouse, 1)
    assert check_file(version) == ""
    assert set(version.manifest["tables"]) >= {"core.customer", "core.warehouse", "marts.counts", "ops.sync_run"}


def test_rollback_holds_until_something_changes(tiny):
    tiny.sync()
    change(tiny, "Second")
    publish.rollback(tiny.warehouse, 1)
    assert "P01" in tiny.names()
    assert tiny.sync().status == "nothing_new" and read_pointer(tiny.warehouse) == 1
    report = change(tiny, "Third one")
    assert report.version == 3 and "Third one" in tiny.names()


def test_rollback_to_the_newest_lets_go_of_the_hold(tiny):
    tiny.sync()
    change(tiny, "Second")
    publish.rollback(tiny.warehouse, 1)
    publish.rollback(tiny.warehouse, 2)
    assert tiny.sync().status == "nothing_new" and read_pointer(tiny.warehouse) == 2
    assert not (tiny.warehouse / "held.json").exists()


def test_pointed_version_is_never_removed(tiny):
    tiny.sync()
    change(tiny, "Second")
    publish.rollback(tiny.warehouse, 1)
    publish._retain(tiny.warehouse)
    for count in range(3, 9):
        (tiny.warehouse / f"wh-{count}.json").write_text("{}", encoding="utf-8")
    publish._retain(tiny.warehouse)
    assert (tiny.warehouse / "wh-1.duckdb").exists()


@pytest.mark.parametrize("version", [2, 99])
def test_rollback_refuses_unknown_and_damaged_versions(tiny, version):
    tiny.sync()
    change(tiny, "Second")
    publish.rollback(tiny.warehouse, 1)
    with open(tiny.warehouse / "wh-2.duckdb", "r+b") as file:
        file.seek(20_000)
        file.write(b"garbage")
    with pytest.raises(WarehouseError):
        publish.rollback(tiny.warehouse, version)
    assert read_pointer(tiny.warehouse) == 1


def test_a_torn_pointer_is_written_again_by_the_next_run_that_has_nothing_new(tiny):
    tiny.sync()
    change(tiny, "Second")
    (tiny.warehouse / "current").write_text("tw", encoding="utf-8")
    assert tiny.sync().status == "nothing_new" and (tiny.warehouse / "current").read_text(encoding="utf-8") == "2"
    (tiny.warehouse / "current").write_bytes(b"")
    change(tiny, "Third")
    assert (tiny.warehouse / "current").read_text(encoding="utf-8") == "3"


def test_a_torn_pointer_does_not_undo_a_rollback(tiny):
    tiny.sync()
    change(tiny, "Second")
    change(tiny, "Third")
    publish.rollback(tiny.warehouse, 1)
    (tiny.warehouse / "current").write_text("?", encoding="utf-8")
    assert read_pointer(tiny.warehouse) == 1
    assert tiny.sync().status == "nothing_new" and (tiny.warehouse / "current").read_text(encoding="utf-8") == "1"


def test_lost_version_is_published_again(tiny):
    tiny.sync()
    (tiny.warehouse / "wh-1.duckdb").unlink()
    report = tiny.sync()
    assert report.version == 2 and len(tiny.names()) == 30


@pytest.mark.parametrize("name", ["work.duckdb", "landing.duckdb"])
def test_damaged_store_is_made_again(tiny, name):
    tiny.sync()
    (tiny.warehouse / name).write_bytes(b"not a database at all" * 1000)
    report = tiny.sync()
    assert report.exit_code == 0 and "damaged" in report.warnings[0]
    assert report.status == "nothing_new" and len(tiny.names()) == 30
    tiny.party(1, "Later", "2026-06-01 00:00:00")
    assert tiny.sync().version == 2 and "Later" in tiny.names()


def test_unchanged_models_are_not_made_again(tiny):
    from data_access.sync.db import open_stores

    tiny.sync()
    tiny.sql("UPDATE category SET label = 'Gamma' WHERE code = 'B'")
    tiny.sync()
    con, _ = open_stores(tiny.warehouse)
    oids = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = 'work' ORDER BY table_oid"
    ).fetchall()
    con.close()
    made = [name for (name,) in oids if name in ("customer", "warehouse")]
    assert made == ["customer", "warehouse"]
    old, new = (read_version(tiny.warehouse, number).manifest["tables"] for number in (1, 2))
    assert old["core.customer"]["content"] == new["core.customer"]["content"]
    assert old["core.warehouse"]["content"] != new["core.warehouse"]["content"]


def test_new_business_day_publishes(tiny):
    from datetime import datetime, timedelta

    from data_access.clock import utc_now
    from data_access.sync.extract import Options
    from data_access.sync.run import run_sync

    tiny.sync()

    def tomorrow() -> datetime:
        return utc_now() + timedelta(days=1)

    report = run_sync(tiny.config, options=Options(clock=tomorrow), models=tiny.models, steps=())
    assert report.version == 2
    days = [read_version(tiny.warehouse, number).manifest["as_of"] for number in (1, 2)]
    assert days[0] < days[1]


def test_a_lookup_does_not_age_the_figures_beside_it(tiny):
    sql = "-- lookups: core.warehouse\nSELECT c.segment, w.name FROM core.customer c CROSS JOIN core.warehouse w"
    (tiny.models / "marts" / "named.sql").write_text(sql, encoding="utf-8")
    figures = load_models(duckdb.connect(), tiny.models, {})["marts.named"].figures
    origins = {"staging.customer": frozenset({"erp"}), "staging.warehouse": frozenset({"wms"})}
    inputs = {name: frozenset({name.replace("core", "staging")}) for name in ("core.customer", "core.warehouse")}
    built = BuildResult({}, (), {"marts.named": figures, **inputs}, origins)
    assert built.sources_of("marts.named") == ["erp"] and built.sources_of("core.warehouse") == ["wms"]
    (tiny.models / "marts" / "named.sql").write_text(sql.replace("core.warehouse\n", "core.ware\n"), encoding="utf-8")
    assert "lookups" in tiny.sync().errors[0]


def test_rollback_while_a_sync_process_runs(tiny):
    tiny.sync()
    change(tiny, "Second")
    with one_writer(tiny.warehouse):
        publish.rollback(tiny.warehouse, 1)
    assert read_pointer(tiny.warehouse) == 1
