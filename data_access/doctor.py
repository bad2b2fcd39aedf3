"""`doctor`: looks at everything a sync and a server need and says what is wrong and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data_access.clock import parse_or_none, utc_now
from data_access.config import Config, load_config
from data_access.errors import TandemError
from data_access.state import State
from data_access.versions import check_file, is_torn, read_pointer, read_version, version_numbers

MAX_SKEW_S = 60.0
LOW_DISK = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at; level is ok, warning or error."""

    level: str
    subject: str
    text: str
    hint: str = ""

    def line(self) -> str:
        mark = {"ok": "ok     ", "warning": "warning", "error": "ERROR  "}[self.level]
        return f"{mark}  {self.subject}: {self.text}" + (f" - {self.hint}" if self.hint else "")


def examine(path: Path, tell: Callable[[Finding], None]) -> list[Finding]:
    """Every finding, told as it is made. ConfigError when the configuration cannot be used at all."""
    config = load_config(path)
    config.check_secrets()
    found: list[Finding] = []
    for finding in _all(config):
        found.append(finding)
        tell(finding)
    return found


def documents(findings: list[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _all(config: Config) -> Iterator[Finding]:
    yield Finding("ok", "configuration", f"{config.path}, {len(config.sources)} sources")
    yield from _company(config)
    yield from _planning(config)
    yield from _sources(config)
    yield from _hooks(config)
    yield from _alerts(config)
    yield from _state(config)
    yield from _disk(config)
    yield from _versions(config)


def _company(config: Config) -> Iterator[Finding]:
    targets = config.company.targets
    if targets is None:
        yield Finding("ok", "targets", "none; panels compare with last year")
    elif not targets.is_file():
        yield Finding(
            "warning", "targets", f"{targets} is not there", "create it (metric,period_start,value) or drop targets"
        )
    else:
        from data_access.sync.targets import doubts, read

        try:
            lines = read(targets)
        except TandemError as error:
            yield Finding("error", "targets", error.message, error.hint)
            return
        yield Finding("ok", "targets", f"{targets}, {len(lines)} lines")
        for doubt in doubts(targets, lines):
            yield Finding("warning", "targets", doubt)


def _planning(config: Config) -> Iterator[Finding]:
    path = config.planning.items
    if path is None:
        return
    from data_access.sync.item_rules import read

    try:
        yield Finding("ok", "item rules", f"{path}, {len(read(path))} items")
    except TandemError as error:
        yield Finding("error", "item rules", error.message, error.hint)


def _sources(config: Config) -> Iterator[Finding]:
    from data_access.sync.sources import open_sources

    for source in open_sources(config):
        name = f"source {source.config.name}"
        connector = None
        try:
            connector = source.connect()
            skew = connector.check()
            yield Finding("ok", name, f"connected ({source.profile.title})")
            if abs(skew) > MAX_SKEW_S:
                hint = "set both clocks by NTP; windows are read by the source's own clock meanwhile"
                yield Finding("warning", name, f"its clock differs by {skew:+.0f} s", hint)
            yield from _mapping(name, connector, len(source.profile.stream))
            yield from _quota(name, connector)
        except TandemError as error:
            yield Finding("error", name, error.message, error.hint)
        finally:
            if connector is not None:
                connector.close()


def _mapping(name: str, connector: Any, streams: int) -> Iterator[Finding]:
    verify = getattr(connector, "verify", None)
    if verify is None:
        return
    wrong = verify()
    for error in wrong:
        yield Finding("error", name, error.message, error.hint)
    if not wrong:
        yield Finding("ok", name, f"the mapping of {streams} streams fits the live schema")
    for note in getattr(connector, "notes", list)():
        yield Finding("ok", name, note)


def _quota(name: str, connector: Any) -> Iterator[Finding]:
    quota = connector.quota() if hasattr(connector, "quota") else None
    if quota is not None:
        level = "ok" if quota.left else "warning"
        yield Finding(
            level, name, f"{quota.left} requests are left{f' (until {quota.resets})' if quota.resets else ''}"
        )


def _hooks(config: Config) -> Iterator[Finding]:
    """Whether each source may push, and what keeps it from that."""
    from data_access.sync.sources import open_source

    for source in config.sources:
        name, scheme = f"hooks of {source.name}", open_source(config, source.name).profile.hook.scheme
        if source.hook_secret is not None:
            yield Finding("ok", name, f"POST /hooks/{source.name}, signed ({scheme})")
        elif scheme != "hmac":
            hint = "set hook_secret to the secret of its data push, then changes arrive within seconds"
            yield Finding(
                "warning", name, "not set up: pushed changes are refused, the schedule alone finds them", hint
            )
        else:
            yield Finding("ok", name, "not set up; changes are found by the schedule")


def _alerts(config: Config) -> Iterator[Finding]:
    webhook = config.alerts.webhook
    if webhook is None:
        yield Finding("ok", "alerts", "sent nowhere (alerts.webhook); /sync shows them")
    elif not webhook.reveal().startswith(("https://", "http://")):
        yield Finding("error", "alerts", "alerts.webhook is no http address", "correct the variable it comes from")
    else:
        yield Finding("ok", "alerts", f"sent as {config.alerts.format}")


def _state(config: Config) -> Iterator[Finding]:
    try:
        unpublished = State(config.state_path).unpublished()
    except TandemError as error:
        yield Finding("error", "state", error.message, error.hint)
        return
    if unpublished:
        yield Finding("error", "state", f"since {unpublished[0]} no change is published: {unpublished[1]}")
    else:
        yield Finding("ok", "state", str(config.state_path))


def _disk(config: Config) -> Iterator[Finding]:
    folder = config.warehouse.path
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    largest = max((p.stat().st_size for p in config.warehouse.path.glob("*.duckdb")), default=0)
    text = f"{free / 1e9:.1f} GB free at {config.warehouse.path}"
    if free < max(LOW_DISK, 3 * largest):
        yield Finding("warning", "disk", text, f"a publish needs up to {max(LOW_DISK, 3 * largest) / 1e9:.1f} GB")
    else:
        yield Finding("ok", "disk", text)


def _versions(config: Config) -> Iterator[Finding]:
    folder = config.warehouse.path
    try:
        current = read_pointer(folder)
    except TandemError as error:
        yield Finding("error", "versions", error.message, error.hint)
        return
    numbers = version_numbers(folder)
    if is_torn(folder):
        hint = "run `python app.py sync`, or let `serve` run: it is written again"
        yield Finding("warning", "versions", "the pointer holds no version number", hint)
    if current is None:
        yield Finding("warning", "versions", "nothing is published yet", "run `python app.py sync`")
        return
    for number in numbers:
        try:
            problem = check_file(read_version(folder, number))
        except TandemError as error:
            problem = error.message
        if problem:
            level = "error" if number == current else "warning"
            yield Finding(
                level, f"version {number}", problem, "run `python app.py sync`, or roll back to another version"
            )
    if current not in numbers:
        yield Finding(
            "error", "versions", f"the pointer names version {current}, which is not there", "run `python app.py sync`"
        )
        return
    published = parse_or_none(read_version(folder, current).manifest.get("published_at"))
    age = f", published {(utc_now() - published).total_seconds() / 60:.0f} min ago" if published else ""
    yield Finding("ok", "versions", f"{len(numbers)} kept, version {current} serves{age}")
