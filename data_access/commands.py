"""What each command does, without the parsing of its arguments. Every function answers an exit code."""

from __future__ import annotations

import argparse
import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

from data_access.config import Config, default_path, load_config
from data_access.errors import ConfigError, TandemError
from data_access.progress import ProgressPrinter
from data_access.state import PORT, State

NEW_DEMO_HINT = "run `python app.py` once to make the demo, or give --config FILE"


def say(arguments: argparse.Namespace, document: Any, lines: list[str]) -> None:
    """The document with --json, else the lines."""
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False, default=str))
    else:
        for line in lines:
            print(line)


def existing_config(arguments: argparse.Namespace) -> Config:
    """The configuration; ConfigError when neither a file nor the demo is there."""
    path = default_path(arguments.config)
    if arguments.config is None and not path.exists():
        raise ConfigError("there is no tandem.toml here and no demo yet", NEW_DEMO_HINT)
    return load_config(path)


def sync(arguments: argparse.Namespace) -> int:
    from data_access.sync.run import run_sync

    path = default_path(arguments.config)
    progress = ProgressPrinter()
    if arguments.config is None and not path.exists():
        make_demo(path.parent, progress)
    config = load_config(path)
    config.check_secrets()
    if arguments.watch:
        from data_access.sync.schedule import watch

        watch(config, threading.Event(), progress=progress)
        return 0
    report = run_sync(
        config,
        sources=arguments.source or None,
        entities=arguments.entity or None,
        full=arguments.full,
        accept_deletes=arguments.accept_deletes,
        accept_schema=arguments.accept_schema,
        progress=progress,
    )
    progress.close()
    streams = [
        {
            "source": stream.source,
            "entity": stream.entity,
            "status": stream.status,
            **vars(stream.counts),
            "attempts": stream.attempts,
            "error": stream.error,
            "hint": stream.hint,
        }
        for stream in report.streams
    ]
    document = {
        "status": report.status,
        "version": report.version,
        "errors": report.errors,
        "hint": report.hint,
        "warnings": report.warnings,
        "rejected": report.rejected,
        "seconds": report.seconds,
        "streams": streams,
    }
    read, changed = sum(s["read"] for s in streams), sum(s["inserted"] + s["updated"] for s in streams)
    lines = [f"{report.status}" + (f": version {report.version}" if report.version is not None else "")]
    lines.append(
        f"{len(streams)} streams, {read:,} rows read, {changed:,} new or changed, {report.rejected:,} rejected"
    )
    lines += [f"rejected: {s['source']}.{s['entity']}: {s['rejected']:,} rows" for s in streams if s["rejected"]]
    lines += [f"warning: {warning}" for warning in report.warnings]
    say(arguments, document, lines)
    for error in report.errors:
        print(
            f"tandem: {error}" + (f" - {report.hint}" if report.hint and report.hint not in error else ""),
            file=sys.stderr,
        )
    return report.exit_code


def doctor(arguments: argparse.Namespace) -> int:
    from data_access.doctor import documents, examine

    config = existing_config(arguments)
    found = examine(
        config.path, (lambda _: None) if arguments.json else (lambda finding: print(finding.line(), flush=True))
    )
    wrong = any(finding.level == "error" for finding in found)
    if arguments.json:
        print(json.dumps({"ok": not wrong, "findings": documents(found)}, ensure_ascii=False))
    return 1 if wrong else 0


def make_demo(folder: Path, progress: ProgressPrinter, **options: Any) -> None:
    """A demo company in `folder`, by default as large as the first start makes it."""
    from data_access import demo

    given = {name: value for name, value in options.items() if value is not None}
    demo.make(folder, on_progress=lambda label, done, total: progress("demo", label, done, total), **given)
    progress.close()


def demo(arguments: argparse.Namespace) -> int:
    from data_access import demo as company

    folder = Path(arguments.dir).resolve()
    if arguments.tick:
        if not (folder / "tandem.toml").exists():
            raise TandemError(f"there is no demo company in {folder}", "make it first: the same command without --tick")
        say(arguments, {"folder": str(folder), "ticked": True}, [f"time passed in {folder}: {company.tick(folder)}"])
        return 0
    given = {
        "lines": arguments.lines,
        "seed": arguments.seed,
        "erp_url": arguments.erp_url,
        "crm_url": arguments.crm_url,
    }
    make_demo(folder, ProgressPrinter(), **given)
    config = folder / "tandem.toml"
    say(
        arguments,
        {"folder": str(folder), "config": str(config)},
        [f"demo company in {folder}", f"serve it: python app.py --config {config}"],
    )
    return 0


def template(arguments: argparse.Namespace) -> int:
    from data_access.template import write

    folder = Path(arguments.dir).resolve()
    made = write(folder, arguments.kind)
    config = folder / "tandem.toml"
    lines = [*(str(path) for path in made), f"next: python app.py doctor --config {config}"]
    say(arguments, {"config": str(config), "files": [str(path) for path in made]}, lines)
    return 0


def panels(arguments: argparse.Namespace) -> int:
    from data_access.panels import PANELS, describe

    found = [describe(panel) for panel in PANELS.values()]
    lines = []
    for panel in found:
        lines.append(f"{panel['name']:<16} {panel['grain']}")
        filters, metrics = ", ".join(panel["filters"]) or "none", ", ".join(panel["metrics"]) or "none"
        lines.append(f"{'':<16} filters: {filters}; metrics: {metrics}")
    say(arguments, {"panels": found}, lines)
    return 0


def versions(arguments: argparse.Namespace) -> int:
    from data_access.versions import read_pointer, read_version, version_numbers

    folder = existing_config(arguments).warehouse.path
    current = read_pointer(folder)
    found: list[dict[str, Any]] = []
    for number in version_numbers(folder):
        try:
            manifest = read_version(folder, number).manifest
            size = manifest["file"]["bytes"]
        except (TandemError, KeyError, TypeError):
            found.append({"version": number, "current": number == current, "damaged": True})
            continue
        facts = {key: manifest.get(key) for key in ("published_at", "as_of")}
        found.append({"version": number, "current": number == current, **facts, "bytes": size})
    lines = []
    for item in found:
        mark = "*" if item["current"] else " "
        told = "its manifest is damaged: it can be deleted"
        if "damaged" not in item:
            told = f"{item['published_at']}  figures of {item['as_of']}  {item['bytes'] / 1e6:,.1f} MB"
        lines.append(f"{mark} {item['version']:>6}  {told}")
    say(arguments, {"current": current, "versions": found}, lines or ["nothing is published yet"])
    return 0


def rollback(arguments: argparse.Namespace) -> int:
    from data_access.sync.publish import rollback as go_back

    folder = existing_config(arguments).warehouse.path
    chosen = go_back(folder, arguments.version)
    say(
        arguments,
        {"current": arguments.version},
        [f"version {arguments.version} serves (figures of {chosen.get('as_of')})"],
    )
    return 0


def kiosk(arguments: argparse.Namespace) -> int:
    from data_access.tokens import add_token, list_tokens, revoke_token

    config = existing_config(arguments)
    state = State(config.state_path)
    if arguments.action == "list":
        found = list_tokens(state)
        lines = [
            f"{t.id:>4}  {t.name:<24} {'revoked' if t.revoked_at else 'valid':<8} seen {t.last_seen_at or 'never'}"
            for t in found
        ]
        say(arguments, {"tokens": [vars(token) for token in found]}, lines or ["no display has a token"])
        return 0
    if arguments.action == "revoke":
        count = revoke_token(state, arguments.name)
        say(arguments, {"revoked": count}, [f'"{arguments.name}" sees nothing any more within a minute'])
        return 0
    token = add_token(state, arguments.name)
    port = arguments.port or state.fact(PORT) or config.server.port
    base = (config.server.public_url or f"http://{lan_address()}:{port}").rstrip("/")
    link = f"{base}/wall?token={token}"
    notes = ["The link is shown once. Open it on the display; a cookie keeps it signed in until you revoke it."]
    if config.server.public_url is None and config.server.host in ("127.0.0.1", "::1", "localhost"):
        notes.append("Tandem listens on this machine only; for other machines start it with --host 0.0.0.0.")
    say(arguments, {"name": arguments.name, "link": link}, [link, *notes])
    return 0


def lan_address() -> str:
    """This machine's address towards others; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname() or "127.0.0.1"
