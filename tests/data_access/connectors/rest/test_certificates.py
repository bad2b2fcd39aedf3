"""Certificates are always checked; a company's own authority is named in ca_bundle."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from data_access.errors import SourceError
from tests.data_access.connectors.rest.tiny import Reply, connect, profile, read, row, tiny

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A self-signed certificate of 127.0.0.1, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def test_an_unknown_certificate_is_refused_until_its_authority_is_named(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with tiny(lambda seen: Reply([row(1)]), tls=context) as server:
        with pytest.raises(SourceError, match="no valid certificate") as caught:
            read(connect(profile(tmp_path), server.url))
        assert "ca_bundle" in caught.value.hint and not caught.value.transient and server.seen == []
        assert read(connect(profile(tmp_path), server.url, {"ca_bundle": str(cert)})) == [1]
