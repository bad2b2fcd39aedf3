"""The search box over every desk page: Ctrl K opens it, typing finds customers, items and orders."""

from __future__ import annotations

import json

from dash import html

from components.i18n import section, t
from components.marks import attrs


def dialog(lang: str) -> html.Dialog:
    """The closed dialog; assets/28-search.js fills and opens it with the words it carries."""
    words = json.dumps(section(lang, "search"), ensure_ascii=False)
    return html.Dialog(id="search", className="search", **attrs(data_words=words, aria_label=t(lang, "search.title")))
