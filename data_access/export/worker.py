"""A process of its own for one long export: asked on stdin, its progress on stdout, stopped by a signal.

Asked: {warehouse, version, panel, filters, owners, words, target, parent}. It answers lines of JSON: {done, total},
then {finished} or {error, hint}.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from data_access.access import Scope
from data_access.errors import TandemError
from data_access.export import Words, extract, write
from data_access.panels import check_filters, find_panel
from data_access.supervise import end_with_parent
from data_access.warehouse import Reader

TELL_EVERY_S = 0.1
MEMORY = "512MB"


def run(asked: dict[str, Any]) -> None:
    """Writes the file; every row comes from the one version asked for."""
    panel, owners = find_panel(asked["panel"]), asked["owners"]
    scope = Scope(None if owners is None else frozenset(owners))
    snapshot = Reader(Path(asked["warehouse"]), memory=MEMORY).open(asked["version"]).patient()
    given = extract(panel, snapshot, scope, check_filters(panel, asked["filters"]))
    told = -TELL_EVERY_S

    def progress(done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told >= TELL_EVERY_S or done >= total:
            told = now
            _say({"done": done, "total": total})

    write(given, Path(asked["target"]), Words(**asked["words"]), progress)
    _say({"finished": True})


def _say(document: dict[str, Any]) -> None:
    print(json.dumps(document, ensure_ascii=True), flush=True)


def main() -> int:
    asked = json.load(sys.stdin)
    end_with_parent(asked["parent"])
    os.nice(10)  # people in front of a screen come first
    try:
        run(asked)
    except TandemError as error:
        _say({"error": error.message, "hint": error.hint})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
