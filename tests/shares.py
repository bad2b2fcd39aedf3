"""How the tests are shared among processes: by file; files with the same costly set-up in one; long ones first."""

from __future__ import annotations

# Of one process: each set of files needs a company that takes long to sync, most of them a database server too.
TOGETHER = {
    "tests/real/panels/": "real panels",
    "tests/real/test_whole.py": "real whole",
    "tests/real/test_customer_sales.py": "real whole",
    "tests/real/test_identity.py": "real whole",
    "tests/live/test_change_to_pixel.py": "live",
    "tests/live/test_killed_sync.py": "live",
    "tests/live/test_pushed_change.py": "live",
}
# A long file that begins last would keep one process busy while the others have nothing left. Of the first four none
# waits for what another makes.
FIRST = (
    "tests/live/test_source_dies.py", "tests/live/",
    "tests/desk/test_looks.py", "tests/wall/test_looks.py", "tests/wall/test_life.py",
    "tests/real/panels/", "tests/desk/test_hostile.py", "tests/real/test_changes.py",
    "tests/data_access/connectors/acceptance/", "tests/desk/test_states.py", "tests/desk/test_export.py",
    "tests/desk/test_sync_compared.py", "tests/real/", "tests/wall/", "tests/desk/", "tests/data_access/sync/",
    "tests/app/", "tests/data_access/",
)  # fmt: skip


def place(nodeid: str) -> int:
    """Where its file comes in the order."""
    return next((number for number, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


def share(nodeid: str) -> str:
    """Tests of the same share are run by one process."""
    file = nodeid.partition("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)
