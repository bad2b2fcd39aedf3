"""An eye on the wall: when an amount of the feed was painted, told by the page itself."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page

EYE = Path(__file__).with_name("eye.js").read_text(encoding="utf-8")


def shown(cents: int) -> str:
    """How the wall writes amounts of millions."""
    return f"¥{Decimal(cents) / 10**8:.2f}M"


class Eye:
    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(EYE)

    def instants(self, texts: list[str], *, seconds: float = 120) -> list[float]:
        """Waits for the last of them; when each, or one that came after it, was painted (the list shows the newest, so
        of many that come together the first are never in it), in seconds since 1970 by this machine's clock."""
        self.page.wait_for_function("t => window.seen[t]", arg=texts[-1], timeout=seconds * 1000, polling=50)
        seen = self.page.evaluate("() => window.seen")
        found: list[float] = []
        for text in reversed(texts):
            found.append(min([*found[-1:], *([seen[text] / 1000] if seen.get(text) else [])]))
        return found[::-1]

    def at(self, text: str) -> float:
        (found,) = self.instants([text])
        return found
