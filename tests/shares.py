"""How the tests are shared among processes: by file; files with the same costly set-up in one; long ones first."""

from __future__ import annotations

# Of one process: each set of files needs a company that takes long to sync, and a database server.
TOGETHER = {
    "tests/real/panels/": "real panels",
    "tests/real/test_whole.py": "real whole",
    "tests/real/test_customer_sales.py": "real whole",
    "tests/real/test_identity.py": "real whole",
}
# A long file that begins last would keep one process busy while the others have nothing left.
FIRST = ("tests/real/", "tests/wall/", "tests/desk/", "tests/data_access/sync/", "tests/app/", "tests/data_access/")


def place(nodeid: str) -> int:
    """Where its file comes in the order."""
    return next((number for number, start in enumerate(FIRST) if nodeid.startswith(start)), len(FIRST))


def share(nodeid: str) -> str:
    """Tests of the same share are run by one process."""
    file = nodeid.partition("::")[0]
    return next((name for start, name in TOGETHER.items() if file.startswith(start)), file)
