"""One application over a tiny published company, asked through Flask's test client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from data_access import panels
from data_access.config import parse_config
from data_access.result import Result
from data_access.tokens import add_token
from pages._feed import Feed
from pages._server import create_server
from pages._services import Services
from tests.published import publish

LAN = "192.168.7.20"
COMPANY = {"name": "Kaichuan Motion", "currency": "CNY", "timezone": "Asia/Shanghai", "language": "zh"}
SOURCES = [
    {"name": "erp", "role": "erp", "system": "tryton", "url": "sqlite:///erp.db"},
    {"name": "crm", "role": "crm", "system": "twenty", "url": "postgresql+psycopg://u:${CRM_PASSWORD}@crm/x"},
]
TABLES = [
    "CREATE SCHEMA core",
    "CREATE TABLE core.customer AS SELECT 'c1' AS customer_id, '=cmd|calc' AS name, 12.5::DECIMAL(18, 2) AS revenue",
    """CREATE TABLE core.customer_link AS
FROM (VALUES ('erp', 'K-1', 'c1'), ('crm', '0f9:a', 'c1'), ('crm', '7', 'c2')) t (source, source_id, customer_id)""",
    "CREATE TABLE core.customer_link_history AS SELECT 'erp' AS source, 'K-9' AS source_id, 'c9' AS customer_id",
    "CREATE TABLE core.ticket AS SELECT 't1' AS ticket_id",
]
CANARY = "canary-5f3a"


@dataclass
class Site:
    """The application with what a test needs to reach around it."""

    server: Flask
    feed: Feed
    services: Services

    def get(
        self, path: str, *, remote: str = "127.0.0.1", host: str = "", cookie: str = "", **headers: str
    ) -> TestResponse:
        return self.open("GET", path, remote=remote, host=host, cookie=cookie, headers=headers)

    def open(
        self,
        method: str,
        path: str,
        *,
        remote: str = "127.0.0.1",
        host: str = "",
        cookie: str = "",
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        client: FlaskClient = self.server.test_client()
        name = host or ("127.0.0.1:8050" if remote == "127.0.0.1" else "tandem.lan:8050")
        if cookie:
            client.set_cookie("tandem_wall", cookie, domain=name.partition(":")[0])
        given = {key.replace("_", "-"): value for key, value in (headers or {}).items()}
        return client.open(
            path, method=method, headers=given, base_url=f"http://{name}", environ_base={"REMOTE_ADDR": remote}, **more
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    config = parse_config({"company": COMPANY, "source": SOURCES, "warehouse": {"path": "wh"}}, folder / "tandem.toml")
    services = Services(config)
    publish(folder / "wh", 1, TABLES)
    services.reader.refresh()
    server, feed = create_server(services)
    yield Site(server, feed, services)


@pytest.fixture(scope="module")
def token(site: Site) -> str:
    return add_token(site.services.state, "hall")


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch, site: Site, tmp_path: Path) -> list[str]:
    """Makes the panel `customers` answer from core.customer; the list tells each time the engine was asked."""
    asked: list[str] = []
    queries = tmp_path / "queries"
    queries.mkdir()
    text = "-- doc: test\n-- grain: one customer\nSELECT customer_id, name, revenue FROM core.customer"
    (queries / "customers.sql").write_text(text)
    monkeypatch.setattr(site.services.reader.pinned(), "_queries", queries)

    def top_customers(reader: Any, scope: Any) -> Result:
        asked.append("customers")
        result: Result = reader.query("customers", scope)
        return result

    import data_access.overview

    monkeypatch.setattr(data_access.overview, "top_customers", top_customers)
    monkeypatch.setattr(panels, "_reads", {})
    monkeypatch.setattr("components.wall.render", lambda name, results, lang, company: {"panel": name, "lang": lang})
    monkeypatch.setattr(site.feed, "_panels", type(site.feed._panels)(50))
    return asked
