"""Where the page of one thing is: the addresses a wall and a desk both lead to."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def customer(customer_id: str) -> str:
    """The page of one customer."""
    return "/customers/" + quote(customer_id, safe="")


def item(product_id: str) -> str:
    """The page of one product."""
    return "/items/" + quote(product_id, safe="")


def order(order_id: str) -> str:
    """The page of one order."""
    return "/orders/" + quote(order_id, safe="")


def inventory(category: str) -> str:
    """What one category holds and sells."""
    return "/inventory?" + urlencode({"category": category})
