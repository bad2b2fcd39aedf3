"""Saved views over HTTP: kept, replaced, removed; only addresses of this application, only from this machine."""

from __future__ import annotations

import pytest

from tests.pages.conftest import LAN, Site


def keep(site: Site, name: object, address: object, **more: str) -> int:
    return site.open("POST", "/api/v1/views", json={"name": name, "address": address}, **more).status_code


def test_a_view_is_kept_replaced_and_removed(site: Site) -> None:
    assert keep(site, "  Valves   at risk ", "/inventory?category=Valves") == 201
    assert keep(site, "Valves at risk", "/?category=Valves&lang=zh") == 201
    (view,) = site.get("/api/v1/views").json["views"]
    assert (view["name"], view["address"]) == ("Valves at risk", "/?category=Valves&lang=zh")
    assert site.open("DELETE", f"/api/v1/views/{view['id']}").status_code == 200
    assert site.open("DELETE", f"/api/v1/views/{view['id']}").status_code == 404
    assert site.get("/api/v1/views").json == {"views": []}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("", "/"), ("x" * 81, "/"), ("a", ""), ("a", "https://elsewhere.example/"), ("a", "//elsewhere.example/"),
        ("a", "/\\elsewhere.example"), ("a", "javascript:alert(1)"), ("a", "/x\ny"), (1, "/"), ("a", None),
    ],
)  # fmt: skip
def test_what_is_no_view_is_refused(site: Site, name: object, address: object) -> None:
    assert keep(site, name, address) == 400
    assert site.get("/api/v1/views").json == {"views": []}


def test_only_this_machine_and_this_site_may_keep(site: Site, token: str) -> None:
    assert (
        site.open("POST", "/api/v1/views", remote=LAN, cookie=token, json={"name": "a", "address": "/"}).status_code
        == 403
    )
    assert site.get("/api/v1/views", remote=LAN, cookie=token).status_code == 403
    foreign = {"Origin": "http://elsewhere.example"}
    answer = site.open("POST", "/api/v1/views", headers=foreign, json={"name": "a", "address": "/"})
    assert answer.status_code == 403


def test_rows_of_tables_are_for_this_machine_only(site: Site, token: str) -> None:
    assert site.get("/desk/rows/items.json", remote=LAN, cookie=token).status_code == 403
    assert site.get("/desk/rows/nothing.json").status_code == 404
    assert site.get("/desk/rows/items.json?start=x").status_code == 400
    assert site.get("/desk/rows/items.json?colour=red").status_code in (200, 400, 503)
