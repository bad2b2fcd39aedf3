"""What beside its spec decides a stream's rows: settings its requests name, and how the interface is asked."""

from __future__ import annotations

from pathlib import Path

from data_access.connectors.profile import Profile, load_profile
from data_access.connectors.read_by import read_by


def changed(profile: Profile, stream: str, before: dict[str, str], after: dict[str, str]) -> bool:
    return read_by(profile, stream, before) != read_by(profile, stream, after)


def test_a_setting_counts_where_a_request_names_it():
    tryton = load_profile("tryton")
    assert changed(tryton, "employee", {"company": "1"}, {"company": "2"})
    assert not changed(tryton, "employee", {"company": "1"}, {"company": "1", "web": "https://erp.example"})
    assert read_by(tryton, "currency", {"company": "1"}) == ""


def test_a_setting_of_the_session_counts_for_every_stream():
    bottlecrm = load_profile("bottlecrm")
    assert all(changed(bottlecrm, stream, {"tenant": "a"}, {"tenant": "b"}) for stream in bottlecrm.stream)


def test_the_app_whose_forms_are_looked_up_counts_and_no_secret_does():
    jiandaoyun = load_profile("jiandaoyun")
    known = {"app": "CRM", "api_key": "one"}
    stream = next(iter(jiandaoyun.stream))
    assert changed(jiandaoyun, stream, known, known | {"app": "ERP"})
    assert not changed(jiandaoyun, stream, known, known | {"api_key": "two"})
    assert "one" not in read_by(jiandaoyun, stream, known)


def test_how_an_interface_writes_instants_counts_and_its_limits_do_not(tmp_path: Path):
    shipped = load_profile("erpnext")
    text, stream = shipped.file.read_text(encoding="utf-8"), next(iter(shipped.stream))

    def of(name: str, text: str) -> str:
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return read_by(load_profile(str(path)), stream, {"site_time_zone": "Asia/Shanghai"})

    assert of("same", text) == read_by(shipped, stream, {"site_time_zone": "Asia/Shanghai"})
    assert of("time", text.replace(":%S.%f", ":%S")) != of("same", text)
    assert of("limits", text.replace("parallel = ", "attempts = 7, parallel = ")) == of("same", text)
    assert read_by(shipped, stream, {"site_time_zone": "Asia/Tokyo"}) != of("same", text)
