"""An instant's text comes to the same whichever way it is read; DuckDB's own cast is what it is held to."""

from __future__ import annotations

from datetime import datetime

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_access.sync.target import INSTANT

# Without names of zones: after one, DuckDB reads the plain instants that follow it in that zone.
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(
    lambda at: at.replace(microsecond=0).isoformat(" ")
)
NEAR = st.tuples(MOMENTS, st.integers(0, 19), st.sampled_from(list("0123456789-:+ .TZ") + [""])).map(
    lambda it: it[0][: it[1]] + it[2] + it[0][it[1] + 1 :]
)
ENDED = st.tuples(MOMENTS, st.sampled_from(["", "Z", "+02", "-07:30", ".5", ".123456+01", " "])).map("".join)


@settings(deadline=None)
@given(st.lists(st.one_of(MOMENTS, NEAR, ENDED), min_size=1, max_size=200))
@example(["2026-02-30 10:00:00", "2026-01-01 10:00+02", "infinity", "2026-01-01T10:00:00", "2026-01-01 24:00:00", ""])
@example(["2000-01-01 00:00:00", "2000-01-01 00:00:0Z"])
@example(["2026-01-01  0:00:00", "2026-1-01 010:00:00", "20260-1-01 10:00:00", "0000-01-01 00:00:00"])
def test_a_plain_instant_is_utc(texts: list[str]) -> None:
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("CREATE TABLE told AS SELECT unnest(?::VARCHAR[]) AS text", [texts])
        both = f"{INSTANT.format('text')} AS ours, TRY_CAST(text AS TIMESTAMPTZ) AS its"
        differ = f"SELECT text, ours::VARCHAR, its::VARCHAR FROM (SELECT text, {both} FROM told)"
        assert con.execute(f"{differ} WHERE ours IS DISTINCT FROM its").fetchall() == []


def test_a_day_before_christ_is_none() -> None:
    with duckdb.connect() as con:
        texts = "SELECT unnest(['0044-03-15 12:00:00 BC', '0044-03-15 BC']) AS text"
        assert con.execute(f"SELECT {INSTANT.format('text')} FROM ({texts})").fetchall() == [(None,), (None,)]
