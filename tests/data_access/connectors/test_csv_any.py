"""Any CSV that Python's csv module writes comes out as Python reads it: never with other rows."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.data_access.connectors.folder import connect, profile, rows

TEXT = st.text(st.sampled_from("ab1 ,;|\t\"'\n\r=-é金\u00a0"), max_size=6)
RECORDS = st.lists(st.tuples(TEXT, TEXT), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n"])
COLUMNS = {"id": {"type": "text", "from": "x y"}, "name": "text"}


@settings(max_examples=60, deadline=None)
@given(
    records=RECORDS, delimiter=st.sampled_from(",;\t|"), ends=ENDS, inside=st.sampled_from([" ", "\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), last=st.booleans(),
)  # fmt: skip
def test_what_is_written_is_read(records, delimiter, ends, inside, quoting, last):
    assume(quoting == csv.QUOTE_ALL or not any("\r" in cell for record in records for cell in record))  # not quoted
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writerow([f"x{inside}y", "name", "more"])
    writer.writerows((*record, "m") for record in records)
    text = target.getvalue() if last else target.getvalue().removesuffix(ends)
    truth = [record[:2] for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)][1:]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(text.encode())
        found = rows(connect(Path(folder), profile(columns=COLUMNS, delimiter=delimiter)))
    kept = [[cell if cell.strip(" \u00a0") else None for cell in record] for record in truth]
    assert [[row["id"], row["name"]] for row in found] == [record for record in kept if any(record)]
