"""REST profiles are read strictly, SQL profiles as strictly as ever, and the shipped ones hold together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from data_access.connectors.mapping import block_sql
from data_access.connectors.profile import PROFILES, load_profile
from data_access.connectors.rest.template import check_names, fill, look
from data_access.errors import ConfigError
from data_access.sync.lineage import tables_read

GOOD = """
system = "shop"
title = "Shop"
role = "erp"
kind = "rest"
[settings]
api_key = { required = true }
[rest]
auth = { kind = "bearer", token = "{api_key}" }
check = { path = "me" }
list = { path = "{table}", query = { since = "{since}" }, rows = "data" }
paging = { kind = "cursor", after = "id" }
limits = { rate = [{ requests = 5, per = "1s" }] }
[stream.party]
table = "parties"
key = ["id"]
cursor = "changed"
columns = { id = "text", name = { type = "text", from = "who.name" } }
"""
SQL = """
system = "shop"
title = "Shop"
role = "erp"
kind = "sql"
[stream.party]
table = "party"
key = ["id"]
columns = { id = "text" }
"""


def load(folder: Path, text: str):
    path = folder / "shop.toml"
    path.write_text(text, encoding="utf-8")
    found = load_profile(str(path))
    check_names(found)
    return found


def test_a_good_profile(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert found.rest is not None and found.rest.limits.rate[0].per == 1.0
    assert found.stream["party"].columns["name"].expression == "who.name"


@pytest.mark.parametrize("old, new, expected", [
    ('kind = "bearer"', 'kind = "bearar"', "rest.auth.kind"),
    (', token = "{api_key}"', "", "lacks a part"),
    (', after = "id"', "", "where to look"),
    ('kind = "cursor", after = "id"', 'kind = "cursor", aftr = "id"', "rest.paging.aftr: unknown key"),
    ('per = "1s"', "per = 1", "rest.limits.rate.0.per"),
    ('since = "{since}"', 'since = "{sinse}"', r"nothing fills \{sinse\}"),
    ('cursor = "changed"', 'cursor = "changed"\nwhere = "x = 1"', "where: is SQL"),
    ('table = "parties"', 'query = "SELECT 1"', "query: is SQL"),
    ('kind = "rest"', 'kind = "sql"', "goes with kind"),
    ("[stream.party]", "[[rest.error]]\nis = \"nonsense\"\n[stream.party]", "rest.error.0.is"),
])  # fmt: skip
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError, match=expected):
        load(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize("more", ['request = { path = "x" }', "optional = true"])
def test_sql_profiles_know_nothing_of_requests(tmp_path: Path, more: str) -> None:
    with pytest.raises(ConfigError, match="for REST interfaces"):
        load(tmp_path, SQL + f'[stream.other]\ntable = "x"\nkey = ["id"]\n{more}\ncolumns = {{ id = "text" }}\n')
    with pytest.raises(ConfigError, match="goes with kind"):
        load(tmp_path, SQL + GOOD[GOOD.index("[rest]") : GOOD.index("[stream.party]")])


@pytest.mark.parametrize("name", sorted(path.stem for path in PROFILES.glob("*.toml")))
def test_every_mapping_of_a_shipped_profile_is_sound_sql(name: str) -> None:
    """Each block binds against tables of the declared columns, and each placeholder is filled."""
    found = load_profile(name)
    check_names(found)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute("ATTACH ':memory:' AS landing")
    con.execute("CREATE MACRO company_date(ts) AS CAST(ts AS DATE)")
    for stream, spec in found.stream.items():
        columns = ", ".join(f'"{column}" {kind.duckdb_type}' for column, kind in spec.columns.items())
        con.execute(f'CREATE TABLE landing."it__{stream}" ({columns}, _key VARCHAR, _deleted_at TIMESTAMPTZ)')
    con.execute((PROFILES.parents[1] / "models" / "macros" / "arithmetic.sql").read_text(encoding="utf-8"))
    for entity, blocks in found.entity.items():
        for block in blocks:
            made = block_sql("it", found, entity, block, lambda sql: tables_read(con, sql))
            assert con.execute(made.rows).fetchall() == []
            con.execute(made.findings(block.fields))


def test_placeholders_keep_their_type_and_leave_nothing_behind() -> None:
    known = {"n": 3, "rows": [1, 2], "word": "a b", "nothing": None, "yes": True}
    template = {"limit": "{n}", "in": "{rows}", "q": "n={n},{word}", "gone": "{nothing}", "too": "x{nothing}"}
    assert fill(template, known) == {"limit": 3, "in": [1, 2], "q": "n=3,a b"}
    assert fill(["{nothing}", "{n}"], known) == [None, 3] and fill("is {yes}", known) == "is true"


def test_paths_reach_into_objects_and_lists_and_miss_quietly() -> None:
    row = {"a": {"b": [10, {"c": "x"}]}, "dotted.key": 5, "none": None, "false": False}
    assert [look(row, path) for path in ("a.b.0", "a.b.1.c", "dotted.key", "a.b.7", "none.x", "false.0", "zz")] == [
        10, "x", 5, None, None, None, None,
    ]  # fmt: skip
