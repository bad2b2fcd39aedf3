"""What may come from the network: too much, too little, not JSON, not from where it should; and who sees keys."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest

from data_access.errors import ConfigError, SourceError
from tests.data_access.connectors.rest.tiny import Naps, Reply, Seen, connect, profile, read, row, tiny

BEARER = '{ kind = "bearer", token = "{api_key}" }'


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b"[" + b" " * (megabytes << 20) + b"]")


BAD = {
    "html": (Reply(b"<!DOCTYPE html><html></html>", headers={"Content-Type": "text/html"}), "a web page", False),
    "cut": (Reply(b'[{"id": 1, "name": "x'), "cut off", True),
    "not json": (Reply(b"hello, world"), "not JSON", True),
    "nan": (Reply(b'[{"id": NaN}]'), "NaN, which is no number", False),
    "infinity": (Reply(b'[{"id": -Infinity}]'), "Infinity, which is no number", False),
    "object": (Reply({"rows": []}), "dict where rows were expected", False),
    "scalars": (Reply([1, 2]), "rows that are int", False),
    "damaged gzip": (Reply(b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"}), "damaged data", True),
    "brotli": (Reply(b"x", headers={"Content-Encoding": "br"}), "unknown encoding br", False),
    "bomb": (Reply(bomb(200), headers={"Content-Encoding": "gzip"}), "more than 2 MB", False),
    "too large": (Reply(b"[" + b" " * (3 << 20) + b"]"), "more than 2 MB", False),
    "deep": (Reply(b"[" * 100_000), "not JSON|cut off", True),
}


@pytest.mark.parametrize("case", BAD)
def test_unusable_answers_are_source_errors(case, tmp_path):
    reply, expected, transient = BAD[case]
    with tiny(lambda seen: reply) as server:
        made = connect(profile(tmp_path, more="limits = { attempts = 2, page_mb = 2 }"), server.url)
        tracemalloc.start()
        with pytest.raises(SourceError, match=expected) as caught:
            read(made)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert caught.value.transient is transient and caught.value.hint and "\n" not in caught.value.line()
        assert len(server.seen) == (2 if transient else 1) and peak < 40 << 20


def test_what_unpacks_to_far_too_much_is_refused_before_it_is_large(tmp_path):
    reply = Reply(bomb(40), headers={"Content-Encoding": "gzip"})
    with tiny(lambda seen: reply) as server, pytest.raises(SourceError, match="unpack to over 200 times"):
        read(connect(profile(tmp_path), server.url))


def test_decimals_keep_every_digit(tmp_path):
    with tiny(lambda seen: Reply(b'[{"id": 1, "name": 12345678901234.5678}]')) as server:
        (page,) = connect(profile(tmp_path), server.url).read("item", None, None)
        assert page.column("name").to_pylist() == ["12345678901234.5678"]


def test_redirects_stay_at_home(tmp_path):
    def answer(seen: Seen) -> Reply:
        if seen.path == "/rows":
            return Reply(None, 307, {"Location": "/moved"})
        return Reply([row(1)])

    with tiny(answer) as server:
        assert read(connect(profile(tmp_path, auth=BEARER), server.url)) == [1]
        assert server.seen[-1].headers["authorization"] == "Bearer sesame-1234"


@pytest.mark.parametrize("target, place", [
    ("http://169.254.169.254/latest/meta-data", "a private address"),
    ("http://10.0.0.7/x", "a private address"),
    ("http://[::1]:8080/x", "a private address"),
    ("http://localhost/x", "a private address"),
    ("https://elsewhere.example/x", "another host"),
])  # fmt: skip
def test_redirects_elsewhere_are_refused(target, place, tmp_path):
    with tiny(lambda seen: Reply(None, 302, {"Location": target})) as server:
        with pytest.raises(SourceError, match=place) as caught:
            read(connect(profile(tmp_path, auth=BEARER), server.url))
        assert "allow_hosts" in caught.value.hint and len(server.seen) == 1


def test_another_port_of_the_same_host_is_another_place(tmp_path):
    with (
        tiny(lambda seen: Reply([row(1)])) as other,
        tiny(lambda seen: Reply(None, 302, {"Location": other.url})) as it,
    ):
        with pytest.raises(SourceError, match="private address"):
            read(connect(profile(tmp_path, auth=BEARER), it.url))
        assert other.seen == []


def test_an_allowed_host_is_followed_without_credentials(tmp_path):
    made = profile(tmp_path, auth=BEARER)
    with tiny(lambda seen: Reply([row(7)])) as other:
        with tiny(lambda seen: Reply(None, 302, {"Location": f"{other.url}/x"})) as it:
            assert read(connect(made, it.url, {"allow_hosts": ["127.0.0.1"]})) == [7]
        assert "authorization" not in other.seen[0].headers and "cookie" not in other.seen[0].headers


def test_a_next_link_to_another_host_is_refused(tmp_path):
    body = {"items": [row(1)], "next": "http://169.254.169.254/rows"}
    with tiny(lambda seen: Reply(body)) as server:
        made = profile(tmp_path, auth=BEARER, paging='{ kind = "next", next = "next" }', rows="items")
        with pytest.raises(SourceError, match="private address"):
            read(connect(made, server.url))


@pytest.mark.parametrize("auth, where", [
    (BEARER, lambda seen: seen.headers.get("authorization") == "Bearer sesame-1234"),
    ('{ kind = "key", header = "X-Key", token = "{api_key}" }', lambda seen: seen.headers["x-key"] == "sesame-1234"),
    ('{ kind = "key", query = "key", token = "{api_key}" }', lambda seen: seen.query["key"] == "sesame-1234"),
    ('{ kind = "basic", user = "bob", password = "{api_key}" }',
     lambda seen: seen.headers["authorization"] == "Basic Ym9iOnNlc2FtZS0xMjM0"),
])  # fmt: skip
def test_credentials_go_where_they_belong(auth, where, tmp_path):
    with tiny(lambda seen: Reply([row(1)])) as server:
        read(connect(profile(tmp_path, auth=auth), server.url))
        assert where(server.seen[0])


@pytest.mark.parametrize("auth", [BEARER, '{ kind = "basic", user = "bob", password = "{api_key}" }'])
def test_a_reflected_secret_is_not_told(auth, tmp_path):
    def answer(seen: Seen) -> Reply:
        told = f"no entry for {seen.headers['authorization']} nor sesame-1234"
        return Reply({"message": told}, 403)

    with tiny(answer) as server:
        made = connect(profile(tmp_path, auth=auth), server.url)
        with pytest.raises(SourceError, match="refuses the credentials") as caught:
            read(made)
        told = f"{caught.value.line()} {caught.value!r} {made!r} {made._client!r} {made._client.account!r}"
        assert "sesame" not in told and "Ym9iOnNlc2FtZS0xMjM0" not in told and "***" in caught.value.message


def test_no_log_tells_a_key_in_an_address(tmp_path, caplog):
    caplog.set_level("INFO")
    auth = '{ kind = "key", query = "key", token = "{api_key}" }'
    with tiny(lambda seen: Reply([row(1)])) as server:
        read(connect(profile(tmp_path, auth=auth), server.url))
        assert server.seen[0].query["key"] == "sesame-1234" and "sesame" not in caplog.text


def test_an_ended_session_is_renewed_once(tmp_path):
    """Each login gives a new cookie; the first one is refused after two requests."""
    logins = []

    def answer(seen: Seen) -> Reply:
        if seen.path == "/login":
            logins.append(seen.body)
            return Reply({"ok": True}, headers={"Set-Cookie": f"sid=session-{len(logins)}; Path=/"})
        asked = sum(1 for one in server.seen if one.path != "/login")
        good = "sid=session-2" if asked > 2 else "sid=session-1"
        return Reply([row(asked)]) if seen.headers.get("cookie") == good else Reply({"message": "gone"}, 401)

    login = '{ method = "POST", path = "login", body = { user = "{user}", password = "{password}" } }'
    with tiny(answer) as server:
        made = profile(tmp_path, auth=f'{{ kind = "session", login = {login} }}')
        it = connect(made, server.url, {"user": "bob", "password": "open-sesame"})
        assert read(it) == [1] and read(it) == [2] and read(it) == [4]
        assert logins == [b'{"user":"bob","password":"open-sesame"}'] * 2


def test_a_refused_login_is_told_once(tmp_path):
    login = '{ method = "POST", path = "login", body = { password = "{password}" } }'
    with tiny(lambda seen: Reply({"message": "wrong password open-sesame"}, 401)) as server:
        made = connect(
            profile(tmp_path, auth=f'{{ kind = "session", login = {login} }}'), server.url, {"password": "open-sesame"}
        )
        with pytest.raises(SourceError, match="login failed") as caught:
            read(made)
        assert "open-sesame" not in caught.value.line() and len(server.seen) == 1


WAIT = '[[rest.error]]\nstatus = 400\ncode = 8303\nis = "wait"'


def answering(*replies: Reply):
    waiting = list(replies)
    return lambda seen: waiting.pop(0) if waiting else Reply([row(1)])


def test_backoff_doubles_with_full_jitter_and_ends(tmp_path):
    naps = Naps()
    with tiny(lambda seen: Reply({"message": "down"}, 502)) as server:
        with pytest.raises(SourceError, match="502") as caught:
            read(connect(profile(tmp_path, more="limits = { attempts = 5 }"), server.url, naps=naps))
        assert caught.value.transient and len(server.seen) == 5 and naps.slept == [0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize("chance", [0.0, 0.25])
def test_jitter_is_a_share_of_the_whole_pause(chance, tmp_path):
    naps = Naps(chance)
    with tiny(lambda seen: Reply({"message": "down"}, 502)) as server:
        with pytest.raises(SourceError, match="502"):
            read(connect(profile(tmp_path, more="limits = { attempts = 5 }"), server.url, naps=naps))
        assert [pause for pause in naps.slept if pause] == [chance * n for n in (0.5, 1.0, 2.0, 4.0) if chance]


@pytest.mark.parametrize("chance", [0.0, 1.0])
@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_kept(as_date, chance, tmp_path):
    """Whatever the dice say, it is never shortened."""
    naps, refused = Naps(chance), []

    def answer(seen: Seen) -> Reply:
        if refused:
            return Reply([row(1)])
        refused.append(seen)
        later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
        return Reply({}, 429, {"Retry-After": later if as_date else "40"})

    with tiny(answer) as server:
        assert read(connect(profile(tmp_path), server.url, naps=naps)) == [1]
        assert len(server.seen) == 2 and 30 <= sum(naps.slept) <= 41


def test_a_vendors_code_is_a_wait_not_a_failure(tmp_path):
    """More refusals than attempts: a limit is waited for as long as there is time."""
    with tiny(answering(*[Reply({"code": 8303, "msg": "too often"}, 400)] * 8)) as server:
        made = profile(tmp_path, more=f"limits = {{ attempts = 2 }}\n{WAIT}")
        assert read(connect(made, server.url)) == [1] and len(server.seen) == 9


@pytest.mark.parametrize("attempt, pause", [(1, 0.5), (4, 4.0), (7, 30.0), (2_000, 30.0)])
def test_the_pause_has_a_cap_however_often_a_limit_is_met(attempt, pause, tmp_path):
    client = connect(profile(tmp_path), "http://127.0.0.1:9")._client
    assert client._pause(SimpleNamespace(outcome=None, attempt_number=attempt)) == pause


def test_other_refusals_are_not_repeated(tmp_path):
    with tiny(lambda seen: Reply({"code": 4815, "message": "bad filter"}, 400)) as server:
        with pytest.raises(SourceError, match=r"400 \(code 4815\): bad filter"):
            read(connect(profile(tmp_path, more=WAIT), server.url))
        assert len(server.seen) == 1


def test_a_used_up_day_is_not_asked_again(tmp_path):
    rule = '[[rest.error]]\nstatus = 403\ncode = "REQUEST_LIMIT_EXCEEDED"\nis = "stop"\nuntil = "day"'
    quota = 'quota = { left = "x-left", reset = "x-reset" }'
    reply = Reply({"code": "REQUEST_LIMIT_EXCEEDED"}, 403, {"x-left": "0", "x-reset": "midnight"})
    with tiny(lambda seen: reply) as server:
        made = connect(profile(tmp_path, more=f"{quota}\n{rule}"), server.url)
        for _ in range(2):
            with pytest.raises(SourceError, match="REQUEST_LIMIT_EXCEEDED"):
                read(made)
        assert len(server.seen) == 1
        left = made.quota()
        assert left is not None and (left.left, left.resets) == (0, "midnight")


def test_an_error_in_a_good_status_is_an_error(tmp_path):
    rule = 'code = "0.Result.Status.IsSuccess"\n[[rest.error]]\nstatus = 200\ncode = "False"\nis = "stop"'
    reply = Reply([{"Result": {"Status": {"IsSuccess": False}}}])
    with tiny(lambda seen: reply) as server, pytest.raises(SourceError, match="answered 200"):
        read(connect(profile(tmp_path, more=rule), server.url))


def test_a_slow_request_ends(tmp_path):
    naps = Naps()

    def answer(seen: Seen) -> Reply:
        naps.now += 61
        return Reply([row(1)])

    with tiny(answer) as server:
        made = connect(profile(tmp_path, more='limits = { request = "60s", attempts = 3 }'), server.url, naps=naps)
        with pytest.raises(SourceError, match="longer than 60 s") as caught:
            read(made)
        assert caught.value.transient and len(server.seen) == 1


@pytest.mark.parametrize("url", ["ftp://x", "nonsense", "https://user:pw@host/"])
def test_an_unusable_address_is_a_configuration_error(url, tmp_path):
    with pytest.raises(ConfigError, match="base_url"):
        connect(profile(tmp_path), url)


def test_an_unknown_or_missing_setting_is_named(tmp_path):
    with pytest.raises(ConfigError, match="api_kee: the profile tiny.toml knows no such setting"):
        connect(profile(tmp_path), "http://127.0.0.1:9", {"api_kee": "x"})
    with pytest.raises(ConfigError, match="ca_bundle"):
        connect(profile(tmp_path), "http://127.0.0.1:9", {"ca_bundle": str(tmp_path / "none.pem")})
