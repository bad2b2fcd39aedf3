"""Why a source fails, as the connectors say it and as people read it."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from components.feeds import causes
from data_access.connectors.meaning import meaning_of
from data_access.connectors.profile import load_profile
from data_access.connectors.rest.meaning import error_of
from data_access.connectors.sql import SqlConnector
from data_access.errors import SourceError

HAN = re.compile(r"[\u4e00-\u9fff]")
DRIVERS_SAY = (
    "connection refused",
    "password authentication failed for user x",
    'database "x" does not exist',
    "permission denied for table party",
    "no such table: party",
    "database is locked",
    "server closed the connection unexpectedly",
    "something that nobody knows",
)


@pytest.mark.parametrize("said", DRIVERS_SAY)
def test_whatever_a_driver_says_has_its_words(said: str) -> None:
    meaning = meaning_of(sqlite3.OperationalError(said))
    error = f"erp.db {meaning.what} (tryton.toml, stream party): {said}"
    assert causes.told(error, "en") == f"erp.db {meaning.what}: {said}"
    chinese = causes.told(error, "zh")
    assert chinese.startswith("erp.db ") and chinese.endswith(f"：{said}") and HAN.search(chinese)
    assert causes.remedy(meaning.hint, "en") == meaning.hint
    assert HAN.search(causes.remedy(meaning.hint, "zh"))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_whatever_a_system_answers_has_its_words(status: int) -> None:
    rest = load_profile("erpnext").rest
    assert rest is not None
    error = error_of(rest, status, {}, {"message": "no"}, "erp.example", datetime(2026, 11, 23, tzinfo=UTC))
    assert error is not None
    told = causes.told(error.message, "zh")
    assert HAN.search(told) and str(status) in told and told.endswith("no"), told
    assert HAN.search(causes.remedy(error.hint, "zh")), error.hint
    assert causes.remedy(error.hint, "en") == error.hint


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    connector = SqlConnector(load_profile("demo_crm"), f"sqlite:///{tmp_path}/gone.db")
    with pytest.raises(SourceError) as caught:
        connector.now()
    assert causes.told(caught.value.message, "en").startswith("gone.db has no such database: ")
    assert causes.told(caught.value.message, "zh").startswith("gone.db 没有这个数据库：")
    assert causes.line(caught.value.line(), "zh").endswith(" → 请检查 url 中的数据库名（或文件路径）")


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (
            "crm: stream ticket would delete 812 of 900 rows",
            "Case: 812 of 900 rows would be deleted",
            "工单：将删除 900 行中的 812 行",
        ),
        (
            "crm: stream ticket answered no rows where 900 were",
            "Case: no rows where 900 were",
            "工单：原有 900 行，现在一行也没有",
        ),
        (
            "stream ticket is frozen, its source changed: mood added (text)",
            "Case: frozen, its source changed: mood added (text)",
            "工单：来源结构有变，已冻结：mood 新增 (text)",
        ),
        ("api.example did not answer in time", "api.example did not answer in time", "api.example 未及时应答"),
        (
            "api.example took longer than 30 s for one request",
            "api.example took longer than 30 s",
            "api.example 超过 30 秒没有完成",
        ),
        (
            "api.example answered a web page where data were expected",
            "api.example answered a web page where data were expected",
            "api.example 返回的是网页，不是数据",
        ),
        (
            "a day's quota is used up; requests are possible again in 900 s",
            "requests are possible again in 900 s: a day's quota is used up",
            "900 秒后才能再次请求：a day's quota is used up",
        ),
        ("orders.xlsx is protected by a password", "orders.xlsx is protected by a password", "orders.xlsx 设有密码"),
        (
            "out: no file is called orders*.csv",
            "out holds no such file: orders*.csv",
            "out 中没有这个文件：orders*.csv",
        ),
        (
            "erp.db does not match the profile (t.toml, stream party): no such column: added (x)",
            "erp.db does not match the profile: no such column: added (x)",
            "erp.db 与映射配置不符：no such column: added (x)",
        ),
        ("a text of a later version", "a text of a later version", "a text of a later version"),
        ("", "", ""),
    ],
)
def test_causes_in_both_languages(error: str, en: str, zh: str) -> None:
    assert (causes.told(error, "en"), causes.told(error, "zh")) == (en, zh)


def test_columns_that_look_renamed() -> None:
    hint = 'in its profile, owner looks renamed: from = "owner_name"; city looks renamed: from = "town"'
    assert causes.remedy(hint, "en") == hint
    chinese = causes.remedy(hint, "zh")
    assert HAN.search(chinese) and "looks" not in chinese
    assert 'owner 似乎已改名，应写 from = "owner_name"' in chinese and 'from = "town"' in chinese
