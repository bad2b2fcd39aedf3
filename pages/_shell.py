"""The first bytes of every page: a wall is dark and a desk has its shape before any script has run."""

from __future__ import annotations

from typing import Any

import dash
from flask import has_request_context, request

# Blocks where a desk page's bar, filters, figures, chart and table will stand; the style sheet takes them away with the
# first content (assets/20-desk.css).
_BLOCKS = '<div id="boot" aria-hidden="true"><header></header><nav></nav><main>' + "<i></i>" * 4 + "</main></div>"
_INDEX = f"""<!DOCTYPE html>
<html lang="{{lang}}">
<head>{{{{%metas%}}}}<title>{{{{%title%}}}}</title>{{{{%favicon%}}}}{{{{%css%}}}}</head>
<body>{_BLOCKS}{{{{%app_entry%}}}}<footer>{{{{%config%}}}}{{{{%scripts%}}}}{{{{%renderer%}}}}</footer></body>
</html>"""


def index(lang: str) -> str:
    """Dash's index in one language."""
    return _INDEX.format(lang=lang)


class Shell(dash.Dash):
    """Dash, with the class of the page's kind on <html> from the start."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        text: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        kind = "wall" if has_request_context() and request.path.rstrip("/") == "/wall" else "desk"
        return text.replace("<html ", f'<html class="{kind}" ', 1)
