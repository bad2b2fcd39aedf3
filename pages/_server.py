"""The web application put together: services, guard, Dash and its pages, routes."""

from __future__ import annotations

import copy
import importlib
import logging
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dash
from dash import html
from dash.development.base_component import Component
from flask import Flask, Response

from components.assets import wall_scripts
from data_access.config import Company
from data_access.errors import TandemError
from data_access.export.jobs import Jobs
from pages import (
    _api,
    _control,
    _decide,
    _desk,
    _errors,
    _export,
    _guard,
    _hooks,
    _metrics,
    _promise,
    _search,
    _starting,
    _static,
    _views,
)
from pages._bytes import compress_answers
from pages._draw import Artist
from pages._feed import Feed
from pages._render import Renderer
from pages._services import EXTENSION, Services
from pages._shell import Shell, index

log = logging.getLogger("tandem.web")
POLL_S, BEAT_S = 0.1, 5.0
ROOT = Path(__file__).resolve().parent.parent


def create_server(services: Services) -> tuple[Flask, Feed]:
    """A Flask server with every route, guarded; nothing is started. `services.reader` may have no version yet."""
    server = Flask("tandem", root_path=str(ROOT), static_folder=None)
    server.extensions[EXTENSION] = services
    feed = Feed(services)
    compress_answers(server)  # registered first: runs last
    _errors.install(server)
    _guard.install(server, services)
    _starting.install(server, services)
    server.register_blueprint(_export.blueprint(*_makers(server, services)))
    server.register_blueprint(_views.blueprint())
    server.register_blueprint(_decide.blueprint())
    server.register_blueprint(_search.blueprint())
    server.register_blueprint(_hooks.blueprint(refused := _hooks.Refused()))
    server.register_blueprint(_metrics.blueprint(refused))
    server.register_blueprint(_control.blueprint())
    server.register_blueprint(_api.blueprint(feed))
    server.register_blueprint(_promise.blueprint())
    app = Shell(
        "app",
        server=server,  # type: ignore[arg-type]
        use_pages=True,
        pages_folder="",
        assets_folder=str(ROOT / "assets"),
        assets_path_ignore=["vendor", "fonts"],
        external_scripts=wall_scripts(),
        title="Tandem",
        update_title="",
        index_string=index(services.config.company.language),
        enable_mcp=False,
        add_log_handler=False,
    )
    load_pages()
    app.layout = dash.page_container
    server.extensions["tandem_wall"] = LentToWall(services, feed)
    _desk.install(server, app)
    _static.install(server, app)
    _guard.attach(server, app)
    _pages_or_404(server)
    _warm_up(server, app)
    return server, feed


def _makers(server: Flask, services: Services) -> tuple[Jobs, Artist]:
    """What makes exports: rows in the background, pictures with a browser that both begin when they are needed."""
    return Jobs(services.exports), Artist(Renderer(server.wsgi_app, services.exports), is_page)


class LentToWall:
    """What pages.wall borrows: whose figures they are, and the panels that are in memory."""

    def __init__(self, services: Services, feed: Feed) -> None:
        self._services = services
        self.panels = feed.known
        self.states = feed.states

    @property
    def company(self) -> Company:
        return self._services.config.company


def load_pages() -> None:
    """Imports every page (again, for another application in the same process) and gives Dash its layout."""
    for path in sorted((ROOT / "pages").glob("[!_]*.py")):
        name = f"pages.{path.stem}"
        known = sys.modules.get(name)
        module = importlib.reload(known) if known is not None else importlib.import_module(name)
        dash.page_registry[name]["layout"] = module.layout


def _warm_up(server: Flask, app: dash.Dash) -> None:
    """Lets Dash finish its set-up, then bares the validation layout every browser is sent and adds the headers."""
    with server.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}, base_url="http://127.0.0.1"):
        server.preprocess_request()
    app.validation_layout = skeleton(app.validation_layout)  # type: ignore[assignment]
    _guard.secure_headers(server, app)


def skeleton(layout: Any) -> html.Div:
    """The same component ids without any content: Dash sends this to every client, also to those without rights."""
    bare: list[Component] = []
    stack: list[Any] = [layout]
    while stack:
        node = stack.pop()
        if isinstance(node, (list, tuple)):
            stack.extend(node)
        elif isinstance(node, Component):
            stack.append(getattr(node, "children", None))
            if getattr(node, "id", None) is not None:
                twin = copy.copy(node)
                for name in list(vars(twin)):
                    if name != "id" and name in twin._prop_names:
                        delattr(twin, name)
                bare.append(twin)
    return html.Div(bare)


def _pages_or_404(server: Flask) -> None:
    """Dash answers every address with its shell; an address no page has gets the same shell with status 404."""
    endpoint = next(name for name in server.view_functions if name.endswith("<path:path>") and "assets" not in name)
    shell = server.view_functions[endpoint]

    def page(path: str) -> Any:
        answer = shell(path)
        if is_page("/" + path):
            return answer
        return Response(answer, status=404, mimetype="text/html") if isinstance(answer, str) else answer

    server.view_functions[endpoint] = page


def is_page(path: str) -> bool:
    """Whether a registered page answers at `path`."""
    for entry in dash.page_registry.values():
        pattern = entry["path_template"] or entry["path"]
        if re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", pattern), path.rstrip("/") or "/"):
            return True
    return False


def start_watching(services: Services, feed: Feed) -> threading.Event:
    """Follows the pointer, and makes each new version's panels beside that; the event ends both."""
    stop = threading.Event()
    shutil.rmtree(services.exports, ignore_errors=True)  # nobody knows any more whose they were
    beaten, warmed = -BEAT_S, -1

    def follow() -> None:
        nonlocal beaten
        if time.monotonic() - beaten >= BEAT_S:
            services.state.beat("web")
            beaten = time.monotonic()
        if services.reader.refresh() and services.reader.ready:
            services.mended(services.reader.version)

    def warm() -> None:
        nonlocal warmed
        if services.reader.ready and services.reader.version != warmed:
            warmed = services.reader.version
            feed.warm(services.config.company.language)

    def repeat(work: Callable[[], None]) -> None:
        while not stop.is_set():
            try:
                work()
            except TandemError as error:
                log.error("%s", error.line())
            stop.wait(POLL_S)

    for name, work in (("versions", follow), ("panels", warm)):
        threading.Thread(target=repeat, args=(work,), name=name, daemon=True).start()
    return stop
