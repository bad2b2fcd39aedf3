"""The command line: parsing, exit codes, one line for every error."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from data_access import commands, feed_commands
from data_access.errors import TandemError
from data_access.secrets import redact
from data_access.template import KINDS

Handler = Callable[[argparse.Namespace], int]
STEERED = {
    "pause": "read a source, or one of its streams, no more until it is resumed",
    "resume": "end a pause",
    "replay": "try rejected rows again",
    "reload": "read a source or a stream again from its start, while what is there goes on serving",
    "compare": "compare rows and sums by day with the source now",
    "pull": "read the rows again that a comparison made now finds missing, gone or different",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"tandem: {message} - see `{self.prog} --help`\n")


def build_parser(serve: Handler, export: Handler) -> argparse.ArgumentParser:
    """Every command; `serve` and `export` are given from above because they draw."""
    parser = _Parser(prog="python app.py", description="ERP and CRM data, synced, joined and shown.")
    _common(parser, top=True)
    listen(parser)
    parser.set_defaults(run=serve, command="serve")
    sub = parser.add_subparsers(metavar="COMMAND", title="commands (default: serve)")

    def command(name: str, run: Handler, text: str) -> argparse.ArgumentParser:
        made = sub.add_parser(name, help=text, description=text)
        made.set_defaults(run=run, command=name)
        _common(made, top=False)
        return made

    listen(command("serve", serve, "the web server and the sync process under a supervisor"))

    sync = command("sync", commands.sync, "extract, land, build, check and publish")
    sync.add_argument("--source", action="append", default=[], metavar="S", help="only this source (may be repeated)")
    sync.add_argument("--entity", action="append", default=[], metavar="E", help="only this entity (may be repeated)")
    sync.add_argument("--full", action="store_true", help="read everything again")
    sync.add_argument("--watch", action="store_true", help="go on by the schedule of the configuration")
    sync.add_argument(
        "--accept-deletes", action="store_true", help="agree to a sweep that deletes over 10 %% of a stream"
    )
    sync.add_argument(
        "--accept-schema", action="store_true", help="agree to changed columns of streams with on_new_column = freeze"
    )

    command("feeds", feed_commands.listed, "every feed: status, cursor, backlog, pauses")
    for name, text in STEERED.items():
        steered = command(name, feed_commands.steer, text)
        steered.add_argument("source", metavar="SOURCE")
        steered.add_argument("stream", metavar="STREAM", nargs="?", help="only this stream or entity")
        if name == "reload":
            steered.add_argument("--accept-deletes", action="store_true", help="agree to the deletes that were stopped")
        if name == "pull":
            steered.add_argument(
                "--key", action="append", default=[], metavar="K", help="only this row of STREAM (may be repeated)"
            )

    command("doctor", commands.doctor, "check configuration, connections, mapping, clocks, disk and versions")

    demo = command("demo", commands.demo, "make a demo company, or let time pass in one")
    demo.add_argument("dir", metavar="DIR", help="folder of the demo company")
    demo.add_argument("--lines", type=_positive, help="order lines to make")
    demo.add_argument("--seed", type=int, help="the same seed makes the same company")
    demo.add_argument("--tick", action="store_true", help="let time pass: new orders, changes, deletes")
    demo.add_argument("--erp-url", metavar="URL", help="put the ERP's database there instead of a SQLite file")
    demo.add_argument("--crm-url", metavar="URL", help="put the CRM's database there instead of a SQLite file")

    template = command("template", commands.template, "write the beginnings of a connection to your own system")
    template.add_argument("dir", metavar="DIR", help="folder to write to")
    template.add_argument("--kind", choices=KINDS, default="csv", help="how the system is read (default: csv)")

    command("panels", commands.panels, "every panel with its filters, grain and metrics")

    write = command("export", export, "write what a panel or a page shows to a file")
    write.add_argument(
        "panel", metavar="PANEL", help="a panel's name, see `panels`; or a page's address, like / or /customers"
    )
    write.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="FILE",
        help="FILE.csv .xlsx .json .png .svg .pdf",
    )
    write.add_argument(
        "-f", "--filter", action="append", default=[], metavar="KEY=VALUE", help="as in the page's address"
    )
    write.add_argument("--lang", choices=("en", "zh"), help="language of titles and pictures (default: the company's)")

    command("versions", commands.versions, "the published versions of the warehouse")
    rollback = command("rollback", commands.rollback, "serve an older version")
    rollback.add_argument("version", type=_positive, metavar="VERSION")

    kiosk = command("kiosk", commands.kiosk, "links for wall displays")
    actions = kiosk.add_subparsers(metavar="ACTION", required=True, dest="action")
    add = actions.add_parser("add", help="a new link for a display", description="Print a link for one wall display.")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--port", type=_port, help="the port Tandem listens on, where it is not the configured one")
    revoke = actions.add_parser("revoke", help="take a display's link away", description="Take a display's link away.")
    revoke.add_argument("name", metavar="NAME")
    listed = actions.add_parser("list", help="every link ever given", description="Every link ever given.")
    for action in (add, revoke, listed):
        _common(action, top=False)
    return parser


def main(argv: Sequence[str], serve: Handler, export: Handler) -> int:
    """Runs the command; its exit code. Errors are one line on stderr (set TANDEM_DEBUG=1 for the trace)."""
    return guarded(lambda: _run(argv, serve, export), document="--json" in argv)


def _run(argv: Sequence[str], serve: Handler, export: Handler) -> int:
    arguments = build_parser(serve, export).parse_args(list(argv))
    run: Handler = arguments.run
    return run(arguments)


def guarded(work: Callable[[], int], *, trace: bool = False, document: bool = False) -> int:
    """The exit code of `work`, with whatever goes wrong told in one line on stderr; `trace`: what is unexpected in
    full; `document`: an expected error also as {error, hint} on stdout."""
    try:
        return work()
    except TandemError as error:
        print(f"tandem: {' '.join(redact(error.line()).split())}", file=sys.stderr)
        if document:
            told = {"error": redact(error.message), "hint": redact(error.hint)}
            print(json.dumps(told, ensure_ascii=False))
        return error.exit_code
    except KeyboardInterrupt:
        print("tandem: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # the last line of defence: a person gets one line, not a trace
        if trace or os.environ.get("TANDEM_DEBUG"):
            raise
        text = " ".join(redact(f"{type(error).__name__}: {error}").split())[:500]
        print(f"tandem: {text} - this should not happen; TANDEM_DEBUG=1 shows where", file=sys.stderr)
        return 1


def listen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default=argparse.SUPPRESS, help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=_port, default=argparse.SUPPRESS, help="port to listen on (default 8050)")


def _common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    default = None if top else argparse.SUPPRESS
    parser.add_argument(
        "--config", default=default, metavar="FILE", help="tandem.toml (default: ./tandem.toml, else the demo)"
    )
    flag = False if top else argparse.SUPPRESS
    parser.add_argument("--json", action="store_true", default=flag, help="one JSON document on stdout")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f'"{text}" is not a port (1-65535)')
    return int(text)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number over 0')
    return int(text)
