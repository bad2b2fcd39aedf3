"""Links to a record in its own system: filled from profile and settings, or absent."""

from __future__ import annotations

from pathlib import Path

from data_access.config import Config, parse_config
from data_access.connectors.links import record_link

COMPANY = {"name": "K", "currency": "EUR", "timezone": "Europe/Berlin"}


def config(**settings: str) -> Config:
    tryton = {"name": "erp", "role": "erp", "system": "tryton", "url": "sqlite:///erp.db"} | settings
    crm = {"name": "crm", "role": "crm", "system": "demo_crm", "url": "sqlite:///crm.db"}
    return parse_config({"company": COMPANY, "source": [tryton, crm]}, Path("/nowhere/tandem.toml"))


def test_a_profile_and_its_settings_make_the_address() -> None:
    found = config(web="https://erp.example.com", web_database="live")
    assert record_link(found, "order", "erp:47") == "https://erp.example.com/#live/model/sale.sale/47"
    assert record_link(found, "order", "erp:a b/c") == "https://erp.example.com/#live/model/sale.sale/a%20b%2Fc"


def test_no_setting_no_template_no_source_no_link() -> None:
    assert record_link(config(), "order", "erp:47") is None, "nobody said where the web client is"
    assert record_link(config(web="https://erp.example.com"), "order", "erp:47") is None
    known = config(web="https://erp.example.com", web_database="live")
    assert record_link(known, "ticket", "erp:47") is None and record_link(known, "order", "crm:47") is None
    assert record_link(known, "order", "other:47") is None and record_link(known, "order", None) is None


def test_only_web_addresses_become_links() -> None:
    assert record_link(config(web="javascript:alert(1)", web_database="x"), "order", "erp:47") is None


def test_an_unset_variable_costs_the_link_only() -> None:
    assert record_link(config(web="${NO_SUCH_WEB}", web_database="x"), "order", "erp:47") is None
