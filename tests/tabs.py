"""Tabs of one window a browser: opening a window for every page would take longer than most of what is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_WINDOWS: dict[tuple[Browser, bool], BrowserContext] = {}


def tab(browser: Browser, width: int, height: int, *, bypass_csp: bool = False) -> Page:
    """A tab of that size; the caller closes it. bypass_csp: scripts of the test run beside those the policy allows."""
    key = browser, bypass_csp
    if key not in _WINDOWS:
        _WINDOWS[key] = browser.new_context(bypass_csp=bypass_csp)
        _WINDOWS[key].new_page()  # stays, so that the window does
    page = _WINDOWS[key].new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)  # a machine that has other work is slow, not broken
    return page
