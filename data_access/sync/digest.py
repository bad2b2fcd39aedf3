"""What tells two contents apart."""

from __future__ import annotations

import hashlib


def digest(*parts: object) -> str:
    """The same for parts of the same texts, in the same order."""
    return hashlib.blake2b("\x1f".join(str(part) for part in parts).encode(), digest_size=12).hexdigest()
