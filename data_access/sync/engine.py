"""The open engine: sources with their profiles, the stores, and the two halves of a run (take up, publish)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Event, RLock
from zoneinfo import ZoneInfo

import duckdb

from data_access import feed_state, sync_log
from data_access.clock import iso
from data_access.config import Config
from data_access.connectors.base import Connector
from data_access.connectors.opening import prepare
from data_access.errors import ConfigError, SourceError
from data_access.identity_decisions import in_force
from data_access.state import State
from data_access.sync import crew, drift, made, marks, ops, publish, reconcile, rejects, targets
from data_access.sync.build import build
from data_access.sync.changes import noted
from data_access.sync.check import all_rules, gate, keep_history, run_checks, warnings
from data_access.sync.db import open_stores, store_errors
from data_access.sync.digest import digest
from data_access.sync.extract import Options, StreamReport, with_retries
from data_access.sync.land import Landing
from data_access.sync.lanes import registered
from data_access.sync.lineage import MODELS
from data_access.sync.manifest import manifest_of
from data_access.sync.memory import Memory
from data_access.sync.runs import Ledger, RunReport, Tell, silent
from data_access.sync.sources import OpenSource, open_sources
from data_access.sync.staging import Company, SourceInfo
from data_access.sync.steps import PYTHON_STEPS
from data_access.sync.takeup import TakeUp
from data_access.sync.threads import Threads
from data_access.versions import read_pointer


class Engine:
    """Stores and sources of one sync process. Take-up may run in threads, one a source; publishing in one thread."""

    def __init__(
        self,
        config: Config,
        *,
        options: Options | None = None,
        models: Path = MODELS,
        steps: Sequence[str] = PYTHON_STEPS,
        stopping: Event | None = None,
    ) -> None:
        self.config = config
        self.options = options or Options()
        self.models, self.steps = models, steps
        self.sources = open_sources(config)
        prepare({source.profile.kind for source in self.sources})
        all_rules(models, config.quality)  # mistakes in the files of rules are told at once
        self.folder = config.warehouse.path
        self.state = State(config.state_path)
        self.lock = RLock()
        self.stopping = stopping or Event()
        self._errors: dict[tuple[str, str], str] = {}  # what ails each stream, also one that is not due now
        self._waiting: set[tuple[str, str]] = set()  # streams that could not be looked at
        with store_errors():
            publish.clean(self.folder)
            self.con, self.notes = open_stores(self.folder)
            self.memory, self.threads = Memory(self.con), Threads(self.con)
            self.options = replace(self.options, memory=self.memory, threads=self.threads)
            self._ensure_landing()
        feeds = registered(config, self.sources, self.options.clock())
        feed_state.register(self.state, feeds)
        self._promises = {
            name: min(each[3] for each in feeds if each[0] == name) for name in {each[0] for each in feeds}
        }

    def _ensure_landing(self) -> None:
        """Landing has the profiles' columns even while a source cannot be reached: entities need them."""
        landing = Landing(self.con.cursor(), self.lock, 0)
        made = landing.mappings()
        for source in self.sources:
            for stream in source.profile.stream:
                target = source.target(stream)
                if made.get((source.config.name, stream)) != target.mapping:
                    landing.ensure(target, self.options.clock())
        landing.con.close()

    def close(self) -> None:
        self.con.close()

    def take_up(
        self,
        source: OpenSource,
        streams: Sequence[str],
        ledger: Ledger,
        tell: Tell = silent,
        connect: Callable[[], Connector] | None = None,
    ) -> list[StreamReport]:
        """Extracts and lands these streams of one source; failures are in the reports and in the source's status."""
        started, name = self.options.clock(), source.config.name
        reports: list[StreamReport] = []
        connector: Connector | None = None
        try:
            connector = (connect or source.connect)()
            reports = self._streams(source, connector, streams, ledger, tell)
        except (SourceError, ConfigError) as error:
            reports = [StreamReport(name, stream, started, self.options.clock()) for stream in streams]
            for report in reports:
                report.fail(error)
                ledger.stream(report)
        finally:
            if connector is not None:
                connector.close()
        self._mark(source, reports, started)
        return reports

    def _streams(
        self, source: OpenSource, connector: Connector, streams: Sequence[str], ledger: Ledger, tell: Tell
    ) -> list[StreamReport]:
        until = with_retries(connector.now, self.options.retry)
        landing = Landing(self.con.cursor(), self.lock, ledger.run_id)
        clock, watched = self.options.clock, source.watched
        try:
            drift.look(connector, landing, watched, clock(), urgent=bool(getattr(connector, "drifted", False)))
            frozen = drift.frozen(landing, watched, clock(), agreed=self.options.accept_schema)
            work = TakeUp(self.con, self.lock, self.options, self.stopping, ledger, tell, frozen)
            reports = work.streams(source, connector, streams, until)
            quiet = [report.end for report in reports if report.end is not None]
            if quiet:
                landing.done(quiet, clock())
            read = [source.target(name) for name in streams]
            reconcile.after_reading(connector, landing, read, reports, self.config.quality.reconcile_every, clock())
            failed = [report for report in reports if report.status != "ok" and not report.transient]
            if any(report.entity not in frozen for report in failed) or getattr(connector, "drifted", False):
                drift.look(connector, landing, watched, clock(), urgent=True)
                drift.explain(landing, failed)
        finally:
            landing.con.close()
        return reports

    def _mark(self, source: OpenSource, reports: Sequence[StreamReport], started: datetime) -> None:
        """Freshness: a source counts as checked when none of its streams failed or waits."""
        for report in reports:
            self._errors[(report.source, report.entity)] = (
                "" if report.status == "ok" else f"{report.error} - {report.hint}"
            )
            among = self._waiting.add if report.waits else self._waiting.discard
            among((report.source, report.entity))
        failed = [error for (name, _), error in self._errors.items() if name == source.config.name and error]
        query = "SELECT max(newest), min(checked_at) FROM landing.cursor WHERE source = ?"
        with self.lock:
            con = self.con.cursor()
            row = con.execute(query, [source.config.name]).fetchone()
            found = marks.reads(con, source.config.name, reports)
        feed_state.read(self.state, found)
        if not failed and any(name == source.config.name for name, _ in self._waiting):
            return
        self.state.source_checked(
            source.config.name,
            source.config.role,
            ok=not failed,
            fresh_within_s=self._promises[source.config.name],
            at=started,
            newest_change_at=row[0] if row else None,
            error=failed[0] if failed else "",
        )

    def publish_news(self, ledger: Ledger, report: RunReport, tell: Tell = silent) -> None:
        """Build, check, publish; nothing new publishes nothing. TandemError (GateError) when it cannot."""
        con = self.con.cursor()
        try:
            con.execute("USE work")
            if self._nothing_was_ever_read(con):
                report.status = "failed"
                return
            try:
                much = crew.is_much(made.known(con).values())
                with self.memory.while_building(), self.threads.several(much):
                    self._publish(con, ledger, report, tell)
            except Exception as error:
                self.state.publish_failed(str(error))
                raise
            self.state.publish_failed(None)
        finally:
            con.close()

    def _nothing_was_ever_read(self, con: duckdb.DuckDBPyConnection) -> bool:
        """Then there is nothing to show, and the page that says why is better than an empty company."""
        row = con.execute("SELECT count(*) FROM landing.cursor WHERE checked_at IS NOT NULL").fetchone()
        return read_pointer(self.folder) is None and row == (0,)

    def _publish(self, con: duckdb.DuckDBPyConnection, ledger: Ledger, report: RunReport, tell: Tell) -> None:
        now, today = self.options.clock(), self.today()
        company = self.config.company
        infos = [
            SourceInfo(each.config.name, each.config.role, each.profile.system, each.profile) for each in self.sources
        ]
        facts = Company(
            company.currency, company.timezone, today, now, company.targets, company.fiscal_year_start,
            company.baseline, self.config.planning,
        )  # fmt: skip
        if company.targets is not None:
            report.warnings += targets.doubts(company.targets, targets.read(company.targets))
        ledger.step("build")
        with self.lock, noted(con) as changes:  # landing stands still: models and checks see the same rows
            built = build(
                con,
                infos,
                facts,
                now,
                changes,
                models=self.models,
                steps=self.steps,
                decisions=in_force(self.state),
                tell=lambda label, done, total: tell("build", label, done, total),
            )
            marks.keep_staging_rejects(con, self.state)
            rejects.refresh(con, now)
            tables = (f"{name}={built.content[name]}" for name in sorted(built.content))
            rules, owners = all_rules(self.models, self.config.quality), self.config.quality.owners
            told = (rule.model_dump_json() for rule in rules.values())
            content = digest(today, *tables, *rejects.open_rows(con), *told, *sorted(owners.items()))
            if not publish.is_news(self.folder, content):
                report.status = "nothing_new"
                return
            ledger.step("check")
            tell("check", "", 0, 0)
            checks = run_checks(con, rules, owners, built, changes, now)
            keep_history(con, checks, today)
        report.warnings += warnings(checks)
        gate(checks)
        ledger.step("publish")
        tell("publish", "", 0, 0)
        version, at = publish.next_version(self.folder), self.options.clock()
        ops.fill(con, self.state, ledger.run_id, version, iso(at), checks)
        facts_told = manifest_of(con, self.config.company, self.sources, self.state, built, today, at, content)
        started = time.monotonic()
        report.version = publish.publish(con, self.folder, facts_told)
        report.seconds["copy"] = time.monotonic() - started
        report.status = "published"
        sync_log.published(self.state, ledger.run_id, self._newest(con, report.streams))

    def _newest(self, con: duckdb.DuckDBPyConnection, reports: Sequence[StreamReport]) -> datetime | None:
        """The newest change in the sources among what these reports brought as news."""
        news = (report for report in reports if report.counts.changed and not report.whole)
        brought = [f"{report.source}/{report.entity}" for report in news]
        query = "SELECT max(newest) FROM landing.cursor WHERE list_contains(?, source || '/' || stream)"
        row = con.execute(query, [brought]).fetchone()
        return row[0] if row else None

    def today(self) -> date:
        """The company's business day."""
        return self.options.clock().astimezone(ZoneInfo(self.config.company.timezone)).date()
