"""Profiles are read strictly: every mistake is one line that names file, key and remedy."""

from __future__ import annotations

import pytest

from data_access.connectors.profile import PROFILES, load_profile
from data_access.errors import ConfigError

GOOD = """
system = "shop"
title = "Shop"
role = "erp"
kind = "sql"
record_url = ""
[stream.party]
table = "party"
key = ["id"]
cursor = "changed"
sweep_every = "10m"
[stream.party.columns]
id = "text"
name = { type = "text", from = "upper(name)" }
amount = "decimal(18, 2)"
[entity.customer]
from = "party p"
[entity.customer.fields]
customer_id = "p.id"
name = "p.name"
segment = { from = "p.name", map = "kind" }
[map.kind]
A = "a"
"""


def load(tmp_path, text):
    path = tmp_path / "shop.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(str(path))


def test_good_profile(tmp_path):
    profile = load(tmp_path, GOOD)
    stream = profile.stream["party"]
    assert stream.columns["amount"].duckdb_type == "DECIMAL(18,2)"
    assert (stream.sweep_every, stream.overlap, stream.deletes) == (600.0, 600.0, "sweep")
    assert profile.entity["customer"][0].fields["segment"].map == "kind" and profile.record_url == {}


def test_several_blocks_feed_one_entity(tmp_path):
    text = GOOD.replace("[entity.customer]", "[[entity.customer]]")
    second = '[[entity.customer]]\nfrom = "party q"\nfields = { customer_id = "q.id", name = "q.name" }\n'
    assert len(load(tmp_path, text + second).entity["customer"]) == 2


@pytest.mark.parametrize("old, new, expected", [
    ('title = "Shop"', 'title = "Shop"\ncolour = "red"', ["colour", "unknown key"]),
    ('cursor = "changed"', 'cursr = "changed"', ["stream.party.cursr", "unknown key", 'did you mean "cursor"']),
    ('key = ["id"]', 'key = ["ident"]', ["stream.party.key", "ident is not among its columns"]),
    ('key = ["id"]', "key = []", ["stream.party.key"]),
    ('table = "party"', "", ["stream.party", "exactly one of table and query"]),
    ('id = "text"', 'id = "varchar"', ["stream.party.columns.id", "not a type", "use text, integer"]),
    ("decimal(18, 2)", "decimal(50, 2)", ["out of range"]),
    ("entity.customer", "entity.custmer", ["entity.custmer", 'did you mean "customer"']),
    ('name = "p.name"', "", ["entity.customer.fields.name", "every row needs it"]),
    ('customer_id = "p.id"', 'customer_id = "p.id"\nnam = "x"', ["fields.nam", "not a column", 'did you mean "name"']),
    ('map = "kind"', 'map = "knd"', ["map knd does not exist", 'did you mean "kind"']),
    ('role = "erp"', 'role = "hr"', ["role"]),
    ('system = "shop"', "", ["system", "missing", "add system"]),
    ('sweep_every = "10m"', "sweep_every = 10", ["sweep_every", "unit"]),
    ("[map.kind]", "[map.kind", ["not valid TOML"]),
])  # fmt: skip
def test_mistakes_are_named(tmp_path, old, new, expected):
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    line = caught.value.line()
    assert "\n" not in line and line.startswith("shop.toml: ") and caught.value.hint
    for part in expected:
        assert part in line


def test_unknown_system_names_the_shipped_ones():
    with pytest.raises(ConfigError, match='"nothing" does not exist'):
        load_profile("nothing")


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_profiles_are_valid(path):
    profile = load_profile(path.stem)
    assert profile.stream and profile.entity
