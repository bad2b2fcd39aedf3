"""Tandem: the web server and the command line. `python app.py --help`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036 - the one line a person on an older Python should see
    sys.exit("tandem: Python 3.11 or newer is needed - make the venv with it: python3.11 -m venv .venv")

from data_access import cli
from data_access.config import Config, default_path, load_config
from data_access.state import PORT, State

ROOT = Path(__file__).resolve().parent


def serve(arguments: argparse.Namespace) -> int:
    """Binds the port, then supervises web, sync and, in the demo, its clock."""
    from data_access.supervise import Child, Supervisor, bind_port

    path = default_path(arguments.config)
    demo = arguments.config is None and not path.exists() and path.name == "tandem.toml"
    config = _config(path, demo)
    if not demo:
        config.check_secrets()
    host, port = getattr(arguments, "host", config.server.host), getattr(arguments, "port", config.server.port)
    listener = bind_port(host, port)
    listener.set_inheritable(True)
    common = ["--config", str(path), *(["--demo"] if demo else [])]
    fd = str(listener.fileno())
    web = Child("web", [str(ROOT / "app.py"), "_web", *common, "--fd", fd], pass_fds=(listener.fileno(),))
    children = [web, Child("sync", [str(ROOT / "app.py"), "_sync", *common])]
    if demo or config.is_demo:
        children.append(Child("clock", [str(ROOT / "app.py"), "_clock", *common]))
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    if not demo:
        State(config.state_path).set_fact(PORT, str(port))
    print(f"Tandem on http://{shown}:{port}  (Ctrl-C stops it)", flush=True)
    _set_up_log("supervisor")
    return Supervisor(children).run()


def export(arguments: argparse.Namespace) -> int:
    """Rows or a picture into a file."""
    from pages._command import export as write

    return write(arguments)


def child(name: str, argv: list[str]) -> int:
    """One process of `serve`; never called by hand."""
    from data_access.supervise import end_with_parent

    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--fd", type=int)
    parser.add_argument("--parent", type=int, required=True)
    arguments = parser.parse_args(argv)
    _set_up_log(name.removeprefix("_"))
    if name == "_web":
        end_with_parent(arguments.parent)
        web(arguments)
    from data_access.processes import clock_process, sync_process

    stop = threading.Event()
    end_with_parent(arguments.parent, stop)
    if name == "_clock":
        return clock_process(arguments.config, stop)
    return sync_process(arguments.config, stop, make_demo=arguments.demo)


def web(arguments: argparse.Namespace) -> NoReturn:
    """The web process: reads published versions only."""
    import socket

    from pages._server import create_server, start_watching
    from pages._services import Services
    from pages._serving import serve_wsgi

    provisional = arguments.demo and not arguments.config.exists()
    services = Services(_config(arguments.config, provisional), provisional=provisional)
    server, feed = create_server(services)
    start_watching(services, feed)
    serve_wsgi(server, socket.socket(fileno=arguments.fd))
    logging.shutdown()
    os._exit(0)  # at once: threads that warm or watch may be inside DuckDB, which must not be torn down under them


def _config(path: Path, provisional: bool) -> Config:
    if not provisional:
        return load_config(path)
    from data_access.processes import provisional_config

    return provisional_config(path)


def _set_up_log(process: str) -> None:
    from data_access.logs import set_up

    set_up(process)


def main(argv: list[str]) -> int:
    """The exit code of one command."""
    if argv and argv[0] in ("_web", "_sync", "_clock"):
        return cli.guarded(lambda: child(argv[0], argv[1:]), trace=True)
    return cli.main(argv, serve, export)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
