"""Signatures of pushed notices, against digests made with other tools, and what the notices say."""

from __future__ import annotations

import json

import pytest

from data_access.errors import QueryError
from data_access.hooks import MOST_NOTICES, TOLERANCE_S, Delivery, Forged, Notice, parse, verify

SECRET = "s3cret"
AT = 1498586609
JDY_BODY = b'{"op":"data_update","data":{"_id":"5f"}}'
JDY_SHA1 = "48d56a2002859de79fdad6135caabda16debd8d6"  # printf 'n0nce:<body>:s3cret:1498586609' | sha1sum
BODY = b'{"entity":"customer","key":"17","op":"upsert"}'
HMAC = "a5f9da8c2143be32d9956e35e3d9675c80a6d9b7a690c08a953e6d091315fd55"  # openssl dgst -sha256 -hmac s3cret


def jiandaoyun(signature: str, delivery: str, *, body: bytes = JDY_BODY, at: object = AT) -> Delivery:
    headers = {"x-jdy-signature": signature, "x-jdy-deliverid": delivery}
    return Delivery(headers, {"timestamp": str(at), "nonce": "n0nce"}, body)


def signed(*, signature: str = f"sha256={HMAC}", at: object = AT, body: bytes = BODY) -> Delivery:
    headers = {"x-tandem-signature": signature, "x-tandem-timestamp": str(at), "x-tandem-delivery": "d-1"}
    return Delivery(headers, {}, body)


@pytest.mark.parametrize(
    "delivery",
    [
        jiandaoyun(JDY_SHA1, "d-1"),
        jiandaoyun("d-1", JDY_SHA1),
        jiandaoyun("d-1", f"sha1={JDY_SHA1}"),
    ],
)
def test_jiandaoyun_is_verified_wherever_its_headers_stand(delivery: Delivery) -> None:
    assert verify("jiandaoyun", SECRET, delivery, AT + 1) == "d-1"


def test_without_an_id_the_content_is_the_id() -> None:
    first = verify("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, ""), AT)
    assert first and first == verify("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, ""), AT)
    assert verify("hmac", SECRET, signed(), AT) == "d-1"


@pytest.mark.parametrize(
    ("scheme", "secret", "delivery", "now"),
    [
        ("jiandaoyun", "other", jiandaoyun(JDY_SHA1, "d-1"), AT),
        ("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, "d-1", body=JDY_BODY + b" "), AT),
        ("jiandaoyun", SECRET, jiandaoyun("d-1", "d-2"), AT),
        ("jiandaoyun", SECRET, jiandaoyun("", ""), AT),
        ("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, "d-1", at=AT + 1), AT),
        ("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, "d-1"), AT + TOLERANCE_S + 1),
        ("jiandaoyun", SECRET, jiandaoyun(JDY_SHA1, "d-1"), AT - TOLERANCE_S - 1),
        ("jiandaoyun", SECRET, jiandaoyun("schlüssel", "d-1"), AT),
        ("hmac", "other", signed(), AT),
        ("hmac", SECRET, signed(body=BODY + b"\n"), AT),
        ("hmac", SECRET, signed(signature=HMAC), AT),
        ("hmac", SECRET, signed(signature=""), AT),
        ("hmac", SECRET, signed(at=""), AT),
        ("hmac", SECRET, signed(at="nan"), AT),
        ("hmac", SECRET, signed(at="inf"), AT),
        ("hmac", SECRET, signed(), AT + TOLERANCE_S + 1),
    ],
)
def test_forged_and_old_deliveries_are_refused_without_telling_the_secret(
    scheme: str, secret: str, delivery: Delivery, now: float
) -> None:
    with pytest.raises(Forged) as caught:
        verify(scheme, secret, delivery, now)
    assert SECRET not in caught.value.line() and HMAC not in caught.value.line() and caught.value.hint


def test_what_jiandaoyun_pushes() -> None:
    data = {"appId": "a", "entryId": "e", "formName": "客户", "_id": "5f", "name": "x"}
    for op, wanted in (("data_create", "upsert"), ("data_recover", "upsert"), ("data_remove", "delete")):
        body = json.dumps({"op": op, "data": data, "opTime": 1}).encode()
        assert parse("jiandaoyun", body) == [Notice(wanted, "客户", ("5f",))]
    nameless = json.dumps({"op": "data_update", "data": {"entryId": "e"}}).encode()
    assert parse("jiandaoyun", nameless) == [Notice("upsert", "e", None)]


def test_what_others_send() -> None:
    assert parse("hmac", BODY) == [Notice("upsert", "customer", ("17",))]
    many = [{"stream": "party", "key": 17}, {"entity": "bom", "key": ["A", 2], "op": "delete"}, {}]
    assert parse("hmac", json.dumps(many).encode()) == [
        Notice("upsert", "party", ("17",)),
        Notice("delete", "bom", ("A", "2")),
        Notice("upsert", None, None),
    ]


@pytest.mark.parametrize(
    ("scheme", "body"),
    [
        ("hmac", b""), ("hmac", b"{"), ("hmac", b"[1]"), ("hmac", b'"x"'), ("hmac", b'{"op": "drop"}'),
        ("hmac", b'{"key": true}'), ("hmac", b'{"key": [[1]]}'), ("hmac", b'{"key": 1.5}'), ("hmac", b"[" * 100_000),
        ("hmac", json.dumps([{}] * (MOST_NOTICES + 1)).encode()), ("hmac", b'{"key": "' + b"x" * 300 + b'"}'),
        ("hmac", b"\xff\xfe"), ("jiandaoyun", b"[]"), ("jiandaoyun", b'{"op": 1, "data": {}}'),
        ("jiandaoyun", b'{"op": "data_create"}'),
    ],
)  # fmt: skip
def test_what_is_no_notice_is_refused(scheme: str, body: bytes) -> None:
    with pytest.raises(QueryError) as caught:
        parse(scheme, body)
    assert caught.value.hint
