"""Bytes made once and answered many times: compressed variants, ETag, 304."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

import brotli
from flask import Flask, Request, Response, request

_TEXT = ("text/html", "text/csv", "application/json")
_WORTH_IT = 1000


def compress_answers(server: Flask) -> None:
    """Compresses what is made for one request only (pages, callbacks, exports); kept bytes are compressed once."""

    @server.after_request
    def compress(response: Response) -> Response:
        if "ETag" in response.headers or response.direct_passthrough or response.mimetype not in _TEXT:
            return response
        body = response.get_data()
        if len(body) < _WORTH_IT:
            return response
        accepted = request.headers.get("Accept-Encoding", "")
        if "br" in accepted:
            response.set_data(brotli.compress(body, quality=4))
            response.headers["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            response.set_data(gzip.compress(body, 5))
            response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
        return response


@dataclass(frozen=True)
class Encoded:
    """One body in three encodings; empty variants were not worth their header."""

    raw: bytes
    gzip: bytes
    brotli: bytes
    etag: str
    mimetype: str

    @classmethod
    def make(cls, raw: bytes, mimetype: str, etag: str = "", quality: int = 5) -> Encoded:
        tag = etag or hashlib.blake2b(raw, digest_size=12).hexdigest()
        if len(raw) < 600 or mimetype.startswith(("image/png", "font/", "image/jpeg")):
            return cls(raw, b"", b"", tag, mimetype)
        return cls(raw, gzip.compress(raw, 6, mtime=0), brotli.compress(raw, quality=quality), tag, mimetype)

    def answer(self, request: Request, cache_control: str, status: int = 200) -> Response:
        """The best variant the client takes; 304 when it has these bytes already."""
        headers = [
            ("ETag", f'W/"{self.etag}"'),
            ("Cache-Control", cache_control),
            ("Vary", "Accept-Encoding, Cookie"),
        ]
        if status == 200 and self.known_to(request):
            return Response(status=304, headers=headers)
        accepted, body = request.headers.get("Accept-Encoding", ""), self.raw
        if self.brotli and "br" in accepted:
            headers.append(("Content-Encoding", "br"))
            body = self.brotli
        elif self.gzip and "gzip" in accepted:
            headers.append(("Content-Encoding", "gzip"))
            body = self.gzip
        return Response(body, status=status, headers=headers, mimetype=self.mimetype)

    def known_to(self, request: Request) -> bool:
        """Whether the client has these bytes already."""
        header = request.headers.get("If-None-Match", "")
        return header.strip() == "*" or any(
            tag.strip().removeprefix("W/").strip('"') == self.etag for tag in header.split(",")
        )
