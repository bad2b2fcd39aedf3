"""Answers from the socket into values: bounded in size and in what compression may make of them."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from data_access.connectors.rest.spec import Limits
from data_access.errors import SourceError

PIECE = 1 << 16
SMALL = 1 << 20  # below this any ratio is believed


def read_body(response: httpx.Response, limits: Limits, still_time: Callable[[], None]) -> bytes:
    """The whole decompressed body; SourceError when it grows beyond its cap. `still_time` is asked between pieces."""
    place, cap = response.url.host, limits.page_mb << 20
    encoding = response.headers.get("content-encoding", "identity").lower()
    body, came = bytearray(), 0
    for raw in response.iter_raw(PIECE):
        still_time()
        came += len(raw)
        for piece in _pieces(raw, encoding, response, place):
            body += piece
            if len(body) > cap:
                raise SourceError(
                    f"{place} answered more than {limits.page_mb} MB for one page",
                    "ask for smaller pages (rest.paging)",
                )
            if len(body) > SMALL and len(body) > limits.expansion * came:
                raise SourceError(
                    f"{place} answered data that unpack to over {limits.expansion} times their size",
                    "check what stands between (a proxy?); rest.limits.expansion is the bound",
                )
    return bytes(body)


def _pieces(raw: bytes, encoding: str, response: httpx.Response, place: str) -> Iterator[bytes]:
    """Decompressed at most PIECE at a time, so that no piece is large before it is counted."""
    if encoding in ("identity", ""):
        yield raw
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise SourceError(f"{place} answered in the unknown encoding {encoding}", "it must answer gzip or plain")
    packer = response.extensions.setdefault("unpacker", zlib.decompressobj(47 if "gzip" in encoding else 15))
    try:
        while raw:
            piece = packer.decompress(raw, PIECE)
            raw = packer.unconsumed_tail
            yield piece
    except zlib.error as error:
        raise SourceError(f"{place} answered damaged data: {error}", "it is tried again", transient=True) from error


def parse(data: bytes, response: httpx.Response) -> Any:
    """JSON with decimals kept as their text; SourceError for anything else (cut JSON may be whole the next time)."""
    place = response.url.host
    start = data.lstrip()[:1]
    if start == b"<" or "html" in response.headers.get("content-type", ""):
        raise SourceError(
            f"{place} answered a web page where data were expected",
            "check base_url, and whether the credentials still let in",
        )
    try:
        return json.loads(data, parse_float=str, parse_constant=_no_number)
    except _NoNumber as error:
        raise SourceError(f"{place} answered {error}, which is no number", "correct it in that system") from error
    except (ValueError, RecursionError) as error:
        is_cut = start in (b"[", b"{") and data.rstrip()[-1:] not in (b"]", b"}")
        text = "cut off" if is_cut else "not JSON"
        raise SourceError(f"{place} answered data that are {text}", "it is tried again", transient=True) from error


class _NoNumber(ValueError):
    """NaN or Infinity."""


def _no_number(name: str) -> Any:
    raise _NoNumber(name)
