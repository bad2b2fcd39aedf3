"""Where requests may go: to the configured address, to hosts named for it, and nowhere else."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass

import httpx

from data_access.errors import ConfigError, SourceError


@dataclass(frozen=True)
class Guard:
    """`base` is the configured address; `allowed` are further hosts that redirects and next links may lead to."""

    base: httpx.URL
    allowed: Collection[str] = ()

    def admits(self, target: httpx.URL) -> bool:
        """Whether credentials may go there too. SourceError where nothing may be sent at all."""
        if _origin(target) == _origin(self.base) or self._made_safe(target):
            return True
        if target.host in self.allowed and target.scheme in ("https", self.base.scheme):
            return False
        place = "a private address" if _is_private(target.host) else "another host"
        raise SourceError(
            f"{self.base.host} redirects to {place} ({target.scheme}://{target.host}:{_port(target)})",
            "correct base_url; if this is right, name the host in allow_hosts",
        )

    def _made_safe(self, target: httpx.URL) -> bool:
        """The same host, now by https."""
        plain = self.base.scheme == "http" and _port(self.base) == 80
        return plain and target.host == self.base.host and target.scheme == "https" and _port(target) == 443


def base_url(text: str) -> httpx.URL:
    """The configured address; ConfigError when it is none."""
    try:
        url = httpx.URL(text if text.endswith("/") else f"{text}/")
    except httpx.InvalidURL as error:
        raise ConfigError(f"base_url cannot be used: {error}", "write https://host/path") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError("base_url is no address of a web interface", "write https://host/path")
    if url.userinfo:
        raise ConfigError("base_url holds a user name", "give credentials in the settings the profile asks for")
    return url


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host
