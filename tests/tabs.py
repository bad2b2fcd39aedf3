"""Tabs of one window: opening a window for every page would take longer than most of what is looked at, and in the
first window of a browser scripts that were compiled once need not be again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

LEFT = "cookies,local_storage,indexeddb,service_workers,cache_storage"


def tab(browser: Browser, width: int, height: int, *, bypass_csp: bool = False) -> Page:
    """A tab of that size; the caller closes it. bypass_csp: scripts of the test run beside those the policy allows."""
    window = browser.contexts[0]
    fresh = len(window.pages) == 1  # the first tab stays, so that the window does
    page = window.new_page()
    if fresh:
        forget(window, page)
    if bypass_csp:
        window.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(60_000)  # a machine that has other work is slow, not broken
    return page


def forget(window: BrowserContext, page: Page) -> None:
    """Clears all that pages of earlier tests left on any address of the window's; nothing is asked of a server."""
    session = window.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": LEFT})
    session.detach()
