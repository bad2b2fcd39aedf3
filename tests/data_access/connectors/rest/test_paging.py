"""Every way from page to page reads all rows once; pages that repeat, stay empty or never end are a named failure."""

from __future__ import annotations

import pytest

from data_access.errors import SourceError
from tests.data_access.connectors.rest.tiny import Reply, Seen, connect, profile, read, row, tiny

ROWS = [row(n) for n in range(1, 26)]
SIZE = 10


def by_offset(seen: Seen) -> Reply:
    start = int(seen.query.get("offset", 0))
    return Reply(ROWS[start : start + int(seen.query["limit"])])


def by_page(seen: Seen) -> Reply:
    page = int(seen.query["page"]) - 1
    return Reply({"items": ROWS[page * SIZE : (page + 1) * SIZE]})


def by_key(seen: Seen) -> Reply:
    after = int(seen.query.get("after", 0))
    return Reply([one for one in ROWS if one["id"] > after][:SIZE])


def by_token(seen: Seen) -> Reply:
    start = int(seen.query.get("after", 0))
    token = str(start + SIZE) if start + SIZE < len(ROWS) else None
    return Reply({"items": ROWS[start : start + SIZE], "paging": {"next": token}})


def by_link(seen: Seen) -> Reply:
    start = int(seen.query.get("from", 0))
    more = start + SIZE < len(ROWS)
    link = f'<http://{seen.headers["host"]}/rows?from={start + SIZE}>; rel="next"' if more else ""
    return Reply(ROWS[start : start + SIZE], headers={"Link": link})


def by_next(seen: Seen) -> Reply:
    start = int(seen.query.get("from", 0))
    following = f"/rows?from={start + SIZE}" if start + SIZE < len(ROWS) else None
    return Reply({"items": ROWS[start : start + SIZE], "next": following})


KINDS = {
    "offset": (by_offset, '{ kind = "offset", size = 10 }', '{ offset = "{offset}", limit = "{size}" }', ""),
    "short": (
        by_offset,
        '{ kind = "offset", size = 10, ends = "short" }',
        '{ offset = "{offset}", limit = "{size}" }',
        "",
    ),
    "page": (by_page, '{ kind = "page", size = 10 }', '{ page = "{page}" }', "items"),
    "cursor": (by_key, '{ kind = "cursor", after = "id", size = 10 }', '{ after = "{after}" }', ""),
    "token": (by_token, '{ kind = "cursor", token = "paging.next", size = 10 }', '{ after = "{after}" }', "items"),
    "link": (by_link, '{ kind = "link" }', "{}", ""),
    "next": (by_next, '{ kind = "next", next = "next" }', "{}", "items"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_reads_every_row_once(kind, tmp_path):
    answer, paging, query, rows = KINDS[kind]
    with tiny(answer) as server:
        made = connect(profile(tmp_path, paging=paging, query=query, rows=rows), server.url)
        assert read(made) == [one["id"] for one in ROWS]
        assert len(server.seen) == {"short": 3, "token": 3, "link": 3, "next": 3}.get(kind, 4)


def test_a_search_that_ends_after_some_rows_is_anchored_anew(tmp_path):
    """Offsets reach 20 rows; rows of one instant stand on both sides of the anchor and come again with it."""
    rows = [{**row(n), "changed": f"2026-01-01T00:00:{n // 4:02d}Z"} for n in range(60)]

    def answer(seen: Seen) -> Reply:
        start, since = int(seen.query["offset"]), seen.query.get("since", "")
        assert start + SIZE <= 20, "asked beyond the reach"
        return Reply([one for one in rows if one["changed"] >= since][start : start + SIZE])

    with tiny(answer) as server:
        paging = '{ kind = "anchor", after = "changed", size = 10, reach = 20 }'
        query = '{ offset = "{offset}", since = "{after}" }'
        assert read(connect(profile(tmp_path, paging=paging, query=query), server.url)) == list(range(60))


def test_rows_that_shift_into_the_next_page_come_once(tmp_path):
    """A row added in front moves the last one of the first page onto the second."""
    with tiny(lambda seen: by_offset(seen) if seen.query["offset"] == "0" else _shifted(seen)) as server:
        query = '{ offset = "{offset}", limit = "{size}" }'
        made = connect(profile(tmp_path, paging='{ kind = "offset", size = 10 }', query=query), server.url)
        assert read(made) == [one["id"] for one in ROWS]


def _shifted(seen: Seen) -> Reply:
    start = int(seen.query["offset"]) - 1
    return Reply(ROWS[start : start + SIZE])


BAD = {
    "offset ignored": (lambda seen: Reply(ROWS[:10]), "offset", "{}", "same page again"),
    "cursor ignored": (lambda seen: Reply(ROWS[:10]), "cursor", "{}", "same page again"),
    "two pages in turn": (lambda seen: Reply(_in_turn(seen)), "cursor", '{ after = "{after}" }', "in a circle"),
    "no end": (lambda seen: Reply(_endless(seen)), "cursor", '{ after = "{after}" }', "more than 30 pages"),
    "ids in the order of texts": (
        lambda seen: Reply(_as_texts(seen)),
        "cursor",
        '{ after = "{after}" }',
        "order its rows",
    ),
    "no cursor": (lambda seen: Reply([{"name": "x"}]), "cursor", "{}", "without id"),
}


def _in_turn(seen: Seen) -> list[dict]:
    return ROWS[10:20] if seen.query.get("after") == "10" else ROWS[:10]


def _as_texts(seen: Seen) -> list[dict]:
    """Of 25 rows those after a number, in the order of texts: 1, 10, 11, ... 2, 20: those passed over never come."""
    after = int(seen.query.get("after", 0))
    return sorted((one for one in ROWS if one["id"] > after), key=lambda one: str(one["id"]))[: SIZE + 5]


def _endless(seen: Seen) -> list[dict]:
    start = int(seen.query.get("after", 0))
    return [row(n) for n in range(start + 1, start + 11)]


@pytest.mark.parametrize("case", BAD)
def test_pages_without_end_are_a_named_failure(case, tmp_path):
    answer, kind, query, expected = BAD[case]
    after = ', after = "id"' if kind == "cursor" else ""
    paging = f'{{ kind = "{kind}", size = 10, most_pages = 30{after} }}'
    with tiny(answer) as server:
        with pytest.raises(SourceError, match=expected) as caught:
            read(connect(profile(tmp_path, paging=paging, query=query), server.url))
        assert not caught.value.transient and "stream item" in caught.value.message and len(server.seen) <= 30


@pytest.mark.parametrize("kind", ["link", "next"])
def test_empty_pages_without_end_are_a_named_failure(kind, tmp_path):
    def answer(seen: Seen) -> Reply:
        number = int(seen.query.get("from", 0)) + 1
        link = f"/rows?from={number}"
        return Reply({"items": [], "next": link}, headers={"Link": f'<{link}>; rel="next"'})

    paging = '{ kind = "link" }' if kind == "link" else '{ kind = "next", next = "next" }'
    with tiny(answer) as server:
        with pytest.raises(SourceError, match="empty pages without end"):
            read(connect(profile(tmp_path, paging=paging, rows="items"), server.url))
        assert len(server.seen) <= 5


def test_what_came_before_an_error_is_given_out_first(tmp_path):
    """Two good pages, then cut JSON for ever: the rows of the two pages arrive, then the error."""

    def answer(seen: Seen) -> Reply:
        return by_key(seen) if int(seen.query.get("after", 0)) < 20 else Reply(b'[{"id": 21, "na')

    with tiny(answer) as server:
        paging, query = '{ kind = "cursor", after = "id", size = 10 }', '{ after = "{after}" }'
        made, found = connect(profile(tmp_path, paging=paging, query=query), server.url), []
        with pytest.raises(SourceError, match="cut off"):
            for page in made.read("item", None, None):
                found += page.column("id").to_pylist()
        assert found == list(range(1, 21))
