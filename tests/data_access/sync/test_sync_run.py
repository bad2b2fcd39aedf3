"""A run as a whole: what changes in the source arrives, what does not change publishes nothing."""

from __future__ import annotations

from datetime import timedelta

from data_access import health, sync_log
from data_access.clock import iso, utc_now
from data_access.config import load_config
from data_access.doctor import examine
from data_access.state import State
from data_access.sync import engine, publish
from data_access.versions import read_pointer


def test_first_run_publishes_everything(tiny):
    report = tiny.sync()
    assert (report.status, report.version, report.exit_code, report.errors) == ("published", 1, 0, [])
    assert len(tiny.names()) == 30
    assert tiny.read("SELECT * FROM marts.counts") == [(30,)]
    assert tiny.read("SELECT DISTINCT segment FROM core.customer ORDER BY 1") == [("big",), ("small",)]
    assert tiny.read("SELECT warehouse_id, name FROM core.warehouse ORDER BY 1") == [("A", "Alpha"), ("B", "Beta")]


def test_second_run_changes_nothing(tiny):
    tiny.sync()
    report = tiny.sync()
    assert (report.status, report.version, report.exit_code) == ("nothing_new", None, 0)
    assert all(not stream.counts.changed for stream in report.streams)
    assert read_pointer(tiny.warehouse) == 1


def test_update_arrives(tiny):
    tiny.sync()
    tiny.party(3, "New name", "2026-02-01 00:00:00")
    report = tiny.sync()
    assert report.version == 2
    assert "New name" in tiny.names() and "P03" not in tiny.names() and len(tiny.names()) == 30


def test_commit_that_lands_late_with_an_old_timestamp_arrives(tiny):
    tiny.sync()
    tiny.party(99, "Latecomer", "2025-01-01 00:00:00")
    tiny.party(4, "Changed long ago", "2025-06-01 00:00:00")
    tiny.sync()
    assert {"Latecomer", "Changed long ago"} <= set(tiny.names())


def test_row_without_a_cursor_arrives_and_changes(tiny):
    tiny.party(50, "No date", None)
    tiny.sync()
    assert "No date" in tiny.names()
    tiny.party(50, "Still no date", None)
    tiny.sync()
    assert "Still no date" in tiny.names() and "No date" not in tiny.names()


def test_change_with_an_equal_cursor_inside_the_overlap_arrives(tiny):
    now = iso(utc_now())
    tiny.party(60, "First", now)
    tiny.sync()
    tiny.party(60, "Second", now)
    tiny.sync()
    assert "Second" in tiny.names() and "First" not in tiny.names()


def test_physical_and_soft_deletes_leave(tiny):
    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id = 1")
    tiny.party(2, "P02", "2026-02-01 00:00:00", active=0)
    report = tiny.sync()
    assert [stream.counts.deleted for stream in report.streams if stream.entity == "party"] == [2]
    assert len(tiny.names()) == 28 and not {"P01", "P02"} & set(tiny.names())


def test_row_that_comes_back_is_there_again(tiny):
    tiny.sync()
    tiny.sql("DELETE FROM party WHERE id = 1")
    tiny.sync()
    tiny.party(1, "P01")
    tiny.sync()
    assert "P01" in tiny.names() and len(tiny.names()) == 30


def test_stream_without_cursor_takes_changes_and_deletes(tiny):
    tiny.sync()
    tiny.sql(
        "UPDATE category SET label = 'Alpha 2' WHERE lang = 'en' AND code = 'A'",
        "DELETE FROM category WHERE code = 'B'",
    )
    tiny.sync()
    assert tiny.read("SELECT warehouse_id, name FROM core.warehouse") == [("A", "Alpha 2")]


def test_full_run_finds_the_same(tiny):
    tiny.sync()
    report = tiny.sync(full=True)
    assert report.status == "nothing_new"
    assert [(s.entity, s.counts.read, s.counts.unchanged) for s in report.streams] == [
        ("party", 30, 30),
        ("category", 3, 3),
    ]


def test_only_the_named_entities_are_read(tiny):
    tiny.sync()
    report = tiny.sync(entities=["warehouse"])
    assert [stream.entity for stream in report.streams] == ["category"]


def test_reading_restarts_when_the_profile_gains_a_column(tiny):
    tiny.sync()
    profile = tiny.folder / "tiny.toml"
    text = profile.read_text(encoding="utf-8")
    text = text.replace('credit = "decimal(18,2)"', 'credit = "decimal(18,2)"\ncreate_date = "text"')
    profile.write_text(
        text.replace('is_active = "p.active"', 'is_active = "p.active"\ncity = "p.create_date"'), encoding="utf-8"
    )
    tiny.sql("UPDATE party SET create_date = 'Ulm'")
    (tiny.models / "core" / "customer.sql").write_text("SELECT name, city FROM staging.customer", encoding="utf-8")
    tiny.sync()
    assert tiny.read("SELECT DISTINCT city FROM core.customer") == [("Ulm",)]
    assert ("party", "create_date", "profile: added") in tiny.read(
        'SELECT entity, "column", change FROM ops.schema_change'
    )


def test_reading_restarts_when_a_setting_that_a_request_names_changes(tiny):
    profile, config = tiny.folder / "tiny.toml", tiny.folder / "tandem.toml"
    text = profile.read_text(encoding="utf-8").replace('table = "party"', 'table = "party"\nwhere = "id <= {most}"')
    profile.write_text(text + "[settings.most]\nrequired = true\n[settings.note]\n", encoding="utf-8")
    plain = config.read_text(encoding="utf-8")

    def read(most: int, note: str) -> int:
        config.write_text(f'{plain}most = "{most}"\nnote = "{note}"\n', encoding="utf-8")
        tiny.config = load_config(config)
        report = tiny.sync(accept_deletes=True)
        return sum(stream.counts.inserted for stream in report.streams if stream.entity == "party")

    assert (read(10, "one"), read(25, "one"), read(25, "two"), read(12, "two")) == (10, 15, 0, 0)
    assert len(tiny.names()) == 12


def test_manifest_tells_origin_rows_and_sums(tiny):
    tiny.sync()
    manifest = publish.versions(tiny.warehouse)[-1]
    assert manifest["tables"]["marts.counts"]["sources"] == ["erp"]
    assert manifest["tables"]["core.customer"]["rows"] == 30
    assert manifest["sources"]["erp"]["checked_at"] is not None
    assert manifest["sources"]["erp"]["newest_change_at"].startswith("2026-01-01")
    assert (manifest["currency"], manifest["timezone"]) == ("EUR", "Europe/Berlin")


def test_ops_tables_tell_the_run_that_published(tiny):
    report = tiny.sync()
    assert tiny.read("SELECT run_id, status, version FROM ops.sync_run") == [(report.run_id, "published", 1)]
    rows = tiny.read("SELECT entity, read, inserted + updated + unchanged + rejected FROM ops.sync_stream ORDER BY 1")
    assert rows == [("category", 3, 3), ("party", 30, 30)]


def with_targets(tiny, *lines):
    (tiny.folder / "targets.csv").write_text("\n".join(["metric,period_start,value", *lines]), encoding="utf-8")
    text = (tiny.folder / "tandem.toml").read_text(encoding="utf-8").replace('"EUR"', '"EUR"\ntargets = "targets.csv"')
    (tiny.folder / "tandem.toml").write_text(text, encoding="utf-8")
    tiny.config = load_config(tiny.folder / "tandem.toml")
    model = "SELECT metric, period_start::VARCHAR AS period_start, value::VARCHAR AS value FROM staging.target"
    (tiny.models / "core" / "target.sql").write_text(model, encoding="utf-8")


def test_company_targets_reach_staging(tiny):
    with_targets(tiny, "booked,2026-01-01,1200.5")
    assert tiny.sync().warnings == []
    assert tiny.read("FROM core.target") == [("booked", "2026-01-01", "1200.5000")]


def test_doubtful_targets_are_told_and_the_last_of_two_counts(tiny):
    figures = ["booked,2026-01-01,1", "bookd,2026-01-01,2", "booked,2026-01-01,3", "on_time,2026-01-01,0.9"]
    with_targets(tiny, *figures, "bookd,2026-02-01,4")
    report = tiny.sync()
    assert report.status == "published" and report.warnings == [
        'targets.csv: nothing reads the metric "bookd" (lines 3, 6; did you mean "booked"?)',
        "targets.csv: given more than once, the last counts: booked of 2026-01-01 (lines 2, 4)",
    ]
    rows = tiny.read("FROM core.target WHERE metric <> 'bookd' ORDER BY metric")
    assert rows == [("booked", "2026-01-01", "3.0000"), ("on_time", "2026-01-01", "0.9000")]
    told = [
        finding.text for finding in examine(tiny.folder / "tandem.toml", lambda _: None) if finding.level == "warning"
    ]
    assert told[:2] == report.warnings


def test_a_company_whose_only_source_was_never_read_has_no_version(tiny):
    tiny.sql("ALTER TABLE party RENAME TO away", "ALTER TABLE category RENAME TO away_too")
    report = tiny.sync()
    assert (report.status, report.version, report.exit_code) == ("failed", None, 1)
    assert read_pointer(tiny.warehouse) is None
    tiny.sql("ALTER TABLE away RENAME TO party", "ALTER TABLE away_too RENAME TO category")
    assert tiny.sync().version == 1 and len(tiny.names()) == 30


def test_a_change_that_cannot_be_published_is_told_until_it_can(tiny, monkeypatch):
    tiny.sync()
    tiny.party(1, "Renamed", "2026-02-01 00:00:00")

    def broken(*args: object, **more: object) -> None:
        raise ValueError("year 20261 is out of range")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "run_checks", broken)
        report = tiny.sync()
    assert (report.status, report.exit_code) == ("failed", 1) and "year 20261" in report.errors[0]
    state = State(tiny.folder / "state.db")
    (source,) = health.sources(tiny.config, state)
    assert source.status == "failing" and "year 20261" in source.last_error
    later = utc_now() + timedelta(hours=1)
    assert health.sources(tiny.config, state, later)[0].status == "stale"
    assert tiny.sync().version == 2
    assert health.sources(tiny.config, state)[0].status == "fresh" and state.unpublished() is None


def test_a_change_instant_outside_any_calendar_counts_as_none(tiny):
    tiny.party(7, "Typo", "20261-02-01 00:00:00")
    assert tiny.sync().status == "published" and "Typo" in tiny.names()
    tiny.party(8, "After it", "2026-02-01 00:00:00")
    assert tiny.sync().status == "published" and "After it" in tiny.names()


def test_seconds_from_a_change_to_its_publish_count_news_only(tiny):
    """What a first read, or all read again, brings was old before."""
    since, state = utc_now() - timedelta(days=1), State(tiny.folder / "state.db")
    assert tiny.sync().status == "published" and sync_log.delays(state, since) == []
    tiny.party(7, "News", utc_now().strftime("%Y-%m-%d %H:%M:%S"))
    assert tiny.sync().status == "published"
    (delay,) = sync_log.delays(state, since)
    assert 0 <= delay < 60
    tiny.sql("UPDATE party SET name = 'Behind the clock' WHERE id = 1")
    assert tiny.sync(full=True).status == "published"
    assert sync_log.delays(state, since) == [delay]
