"""What must not happen: mass deletes, doubled rows, bad values, one failing stream taking others down."""

from __future__ import annotations

import json
import sqlite3

import pytest

from data_access.errors import ConfigError, GateError, LockedError
from data_access.sync.lock import one_writer
from data_access.versions import read_pointer


def landing(tiny, sql):
    import duckdb

    with duckdb.connect(str(tiny.warehouse / "landing.duckdb")) as con:
        return con.execute(sql).fetchall()


def counts(report, entity):
    (found,) = [stream for stream in report.streams if stream.entity == entity]
    assert found.counts.read == sum(
        (found.counts.inserted, found.counts.updated, found.counts.unchanged, found.counts.rejected)
    )
    return found


def test_mass_delete_stops_and_asks(tiny):
    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id <= 10")
    report = tiny.sync()
    assert report.exit_code == 1 and "would delete 10 of 30 rows" in report.errors[0]
    assert "--accept-deletes" in report.errors[0]
    assert len(tiny.names()) == 30
    assert tiny.sync(accept_deletes=True).exit_code == 0
    assert len(tiny.names()) == 20


def test_few_deletes_of_a_small_table_are_believed(tiny):
    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id <= 5")
    assert tiny.sync().exit_code == 0
    assert len(tiny.names()) == 25


@pytest.mark.parametrize("entity", ["party", "category"])
def test_empty_answer_is_an_outage(tiny, entity):
    tiny.sync()
    tiny.sql(f"DELETE FROM {entity}")
    report = tiny.sync()
    assert counts(report, entity).status == "failed" and "no rows" in report.errors[0]
    assert len(tiny.names()) == 30 and len(tiny.read("FROM core.warehouse")) == 2


def test_bad_value_is_rejected_with_reason_and_resolved_later(tiny):
    tiny.party(40, "Bad credit", credit="a lot")
    report = tiny.sync()
    assert counts(report, "party").counts.rejected == 1 and report.rejected == 1
    ((source_id, reason, payload, resolved),) = tiny.read(
        "SELECT source_id, reason, payload, resolved_at FROM ops.rejected_row"
    )
    assert source_id == "40" and "a lot is not decimal(18,2)" in reason and "Bad credit" in payload and resolved is None
    again = tiny.sync()
    assert again.status == "nothing_new" and counts(again, "party").counts.read == 0
    tiny.party(40, "Good credit", "2026-03-01 00:00:00", credit="7")
    tiny.sync()
    assert "Good credit" in tiny.names()
    assert tiny.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NULL") == [(0,)]


def test_bytes_that_are_no_text_cost_their_row_alone(tiny):
    """SQLite keeps any bytes as text: of 30 rows 29 arrive, and the other one is told, until it is corrected."""
    tiny.sql("UPDATE party SET name = CAST(x'436166e92e' AS TEXT), write_date = '2026-02-01 00:00:00' WHERE id = 7")
    report = tiny.sync()
    assert report.status == "published" and len(tiny.names()) == 29
    (found,) = tiny.read("SELECT entity, source_id, reason, payload FROM ops.rejected_row")
    assert found[:3] == ("party", "7", "name: Caf\\xe9. is not UTF-8")
    assert json.loads(found[3])["name"] == "Caf\\xe9."
    tiny.party(7, "Café", "2026-02-02 00:00:00")
    tiny.sync()
    assert "Café" in tiny.names()
    assert tiny.read("SELECT count(*) FROM ops.rejected_row WHERE resolved_at IS NULL") == [(0,)]


def test_last_good_row_stays_while_its_update_is_rejected(tiny):
    tiny.sync()
    tiny.party(5, "P05 new", "2026-03-01 00:00:00", credit="x")
    tiny.sync()
    assert "P05" in tiny.names() and len(tiny.names()) == 30


def test_integer_with_a_fraction_is_not_rounded(tiny):
    profile = (tiny.folder / "tiny.toml").read_text(encoding="utf-8")
    profile = profile.replace('credit = "decimal(18,2)"', 'credit = "integer"').replace('map = "credit_class"', "")
    profile = profile.replace('segment = { from = "p.credit",  }', 'segment = "p.credit"')
    (tiny.folder / "tiny.toml").write_text(profile, encoding="utf-8")
    tiny.sql("UPDATE party SET credit = '3'", "UPDATE party SET credit = 3.7 WHERE id = 1")
    report = tiny.sync()
    assert report.rejected == 1 and "P01" not in tiny.names()


def test_duplicate_keys_have_one_winner(tiny):
    tiny.sql("INSERT INTO category VALUES ('A', 'en', 'Alias')")
    report = tiny.sync()
    assert counts(report, "category").counts.rejected == 1
    first = tiny.read("SELECT name FROM core.warehouse WHERE warehouse_id = 'A'")
    assert len(first) == 1
    assert tiny.read("SELECT source_id FROM ops.rejected_row WHERE reason LIKE 'duplicate key%'") == [("A|en",)]
    assert tiny.sync().status == "nothing_new"
    assert landing(tiny, "SELECT count(*) FROM rejected_row WHERE resolved_at IS NULL") == [(1,)]
    tiny.sql("DELETE FROM category WHERE label = 'Alias'")
    tiny.sync()
    assert landing(tiny, "SELECT count(*) FROM rejected_row WHERE resolved_at IS NULL") == [(0,)]


def test_failing_stream_leaves_the_others(tiny):
    tiny.sync()
    tiny.sql("ALTER TABLE category RENAME TO categories")
    tiny.party(7, "Renamed")
    tiny.sql("UPDATE party SET write_date = '2026-04-01' WHERE id = 7")
    report = tiny.sync()
    assert report.exit_code == 1 and report.status == "published"
    (line,) = report.errors
    assert "no such table" in line and "tiny.toml" in line and "stream category" in line
    assert "Renamed" in tiny.names() and len(tiny.read("FROM core.warehouse")) == 2


def test_missing_column_is_named(tiny):
    tiny.sync()
    tiny.sql("ALTER TABLE party DROP COLUMN credit")
    report = tiny.sync()
    assert "credit" in report.errors[0] and "tiny.toml, stream party" in report.errors[0]
    assert len(tiny.names()) == 30


def test_missing_database_is_one_line(tiny):
    tiny.sync()
    tiny.db.close()
    for path in tiny.folder.glob("erp.db*"):
        path.unlink()
    report = tiny.sync()
    tiny.db = sqlite3.connect(tiny.folder / "erp.db")
    (line,) = report.errors
    assert "has no such database" in line and "\n" not in line
    assert len(tiny.names()) == 30


def test_row_without_a_needed_column_is_rejected_in_staging(tiny):
    tiny.party(41, None)
    tiny.sync()
    assert len(tiny.read("FROM core.customer")) == 30
    assert tiny.read("SELECT entity, source_id, reason FROM ops.rejected_row") == [
        ("customer", "41", "name is missing")
    ]


def test_value_without_a_mapping_is_a_warning(tiny):
    tiny.party(42, "Odd", credit="55")
    tiny.sync()
    assert tiny.read("SELECT segment FROM core.customer WHERE name = 'Odd'") == [(None,)]
    told = tiny.read("SELECT rule, rows_checked, rows_failed, passed, sample FROM ops.quality_result")
    assert told == [("mapping of customer.segment", 31, 1, False, '[{"id": "55.00", "why": "1 rows"}]')]
    unmapped = "SELECT source_value, rows, sample FROM ops.mapping WHERE kind = 'value' AND canonical IS NULL"
    assert tiny.read(unmapped) == [("55.00", 1, '["42"]')]


def test_gate_stops_the_publish(tiny):
    tiny.sync()
    checks = tiny.models / "checks"
    checks.mkdir()
    (checks / "named.sql").write_text(
        "-- severity: gate\n-- doc: every customer has a name\nSELECT * FROM core.customer WHERE name = 'Nobody'",
        encoding="utf-8",
    )
    (checks / "few.sql").write_text("-- severity: warn\nSELECT * FROM core.customer LIMIT 2", encoding="utf-8")
    tiny.party(43, "Nobody")
    report = tiny.sync()
    assert (report.exit_code, report.status, report.version) == (1, "failed", None)
    assert "named" in report.errors[0] and GateError.exit_code == 1
    assert read_pointer(tiny.warehouse) == 1 and "Nobody" not in tiny.names()
    tiny.party(43, "Somebody", "2026-03-01 00:00:00")
    report = tiny.sync()
    assert (
        report.exit_code == 0
        and report.warnings[0].startswith("check few: 2 rows, such as [{")
        and "Somebody" in tiny.names()
    )
    query = "SELECT rule, severity, rows_failed, passed FROM ops.quality_result WHERE kind = 'sql' ORDER BY 1"
    assert tiny.read(query) == [("few", "medium", 2, False), ("named", "gate", 0, True)]


def test_second_writer_is_refused_and_told_who(tiny):
    import os

    with one_writer(tiny.warehouse), pytest.raises(LockedError, match=f"pid {os.getpid()} since ") as caught:
        tiny.sync()
    assert caught.value.exit_code == 3
    assert tiny.sync().exit_code == 0


def test_unknown_entity_is_a_configuration_error(tiny):
    with pytest.raises(ConfigError, match="no source has an entity partie"):
        tiny.sync(entities=["partie"])


def test_profile_expression_that_fails_names_the_profile(tiny):
    profile = (tiny.folder / "tiny.toml").read_text(encoding="utf-8")
    (tiny.folder / "tiny.toml").write_text(profile.replace('"p.active"', '"p.nothing"'), encoding="utf-8")
    report = tiny.sync()
    assert report.exit_code == 1 and "entity.customer" in report.errors[0] and "nothing" in report.errors[0]


def test_changed_profile_of_an_unreachable_source_stops_nothing(tiny):
    tiny.sync()
    profile = (tiny.folder / "tiny.toml").read_text(encoding="utf-8")
    profile = profile.replace('credit = "decimal(18,2)"', 'credit = "decimal(18,2)"\ntown = "text"')
    profile = profile.replace('is_active = "p.active"', 'is_active = "p.active"\ncity = "p.town"')
    (tiny.folder / "tiny.toml").write_text(profile, encoding="utf-8")
    report = tiny.sync()
    assert "town" in report.errors[0] and len(report.errors) == 1
    assert len(tiny.names()) == 30


def test_sweeps_of_a_loop_are_spaced_by_size(tiny):
    from datetime import timedelta

    from data_access.clock import utc_now
    from data_access.sync.extract import Options
    from data_access.sync.run import run_sync

    def sync(later: float):
        now = utc_now() + timedelta(seconds=later)
        options = Options(sweep_rows_per_second=1.0, clock=lambda: now)
        return run_sync(tiny.config, options=options, models=tiny.models, steps=())

    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id = 1")
    assert sync(10).status == "nothing_new"
    assert sync(31).status == "published" and "P01" not in tiny.names()


def test_guarded_sweep_takes_nothing_in(tiny):
    """A database put in another's place: its rows must not appear beside the old ones."""
    tiny.sync()
    tiny.sql("UPDATE party SET id = id + 1000, name = 'Other ' || name")
    report = tiny.sync()
    assert "would delete 30 of 30 rows" in report.errors[0]
    assert len(tiny.names()) == 30 and "Other P01" not in tiny.names()


def test_schema_changes_of_the_source_are_events(tiny):
    from datetime import timedelta

    from data_access.clock import utc_now
    from data_access.sync.extract import Options
    from data_access.sync.run import run_sync

    def events():
        return landing(tiny, 'SELECT entity, "column", change FROM schema_change ORDER BY ALL')

    tiny.sync()
    assert events() == []
    tiny.sql("ALTER TABLE party ADD COLUMN extra TEXT")
    tiny.sync()
    assert events() == []
    later = utc_now() + timedelta(hours=2)
    run_sync(tiny.config, options=Options(clock=lambda: later), models=tiny.models, steps=())
    assert events() == [("party", "extra", "source: added")]
    tiny.sql("ALTER TABLE party RENAME COLUMN credit TO credits")
    report = tiny.sync()
    assert report.exit_code == 1 and len(tiny.names()) == 30
    assert events()[0] == ("party", "credit", "source: renamed")
    assert 'credit looks renamed: from = "credits"' in report.errors[0]
