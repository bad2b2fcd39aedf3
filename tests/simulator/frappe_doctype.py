"""A DocType of Frappe: its documents, their child rows, and the fields every document has.

Follows https://docs.frappe.io/framework/user/en/basics/doctypes (standard fields, child DocTypes). As the framework
saves: a document's save stamps all its child rows with the same `modified`; `set_value` on a child row touches that
row alone. Deletes are physical and leave a "Deleted Document" with the document as JSON.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.simulator.store import Row, Table

if TYPE_CHECKING:
    from tests.simulator.erpnext import ERPNext

STANDARD = ("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx")
OF_CHILD = ("parent", "parentfield", "parenttype")
DELETED = "Deleted Document"


class DocType:
    """fields: name -> fieldtype ("Data", "Link", "Currency", "Date", ...); a "Table" field is ("Table", child).
    series: prefix of names, numbered; name_field: names documents by that field instead. `rows` is the truth: plain
    rows without child tables (those are rows of their own DocType), instants as answered."""

    def __init__(
        self, system: ERPNext, name: str, fields: dict[str, Any], series: str = "", name_field: str = ""
    ) -> None:
        self.system, self.name, self.fields = system, name, dict(fields)
        self.series, self.name_field = series, name_field
        self.table = Table()
        self.parents: set[str] = set()  # DocTypes that hold this one as a child table
        self._number = 0
        for child in self.children().values():
            system.doctypes[child].parents.add(name)

    @property
    def rows(self) -> list[Row]:
        with self.system.lock:
            return [shown(row) for row in copy.deepcopy(list(self.table.truth()))]

    def children(self) -> dict[str, str]:
        """Table field -> child DocType."""
        return {name: kind[1] for name, kind in self.fields.items() if isinstance(kind, tuple)}

    def known(self, field: str) -> bool:
        if field in STANDARD or (self.parents and field in OF_CHILD):
            return True
        return field in self.fields and field not in self.children()

    def add_field(self, name: str, kind: Any = "Data") -> None:
        with self.system.lock:
            self.fields[name] = kind

    def drop_field(self, name: str) -> None:
        with self.system.lock:
            del self.fields[name]

    # changes

    def insert(self, values: Row) -> str:
        with self.system.lock:
            name, late = self._new_name(values), self._late()
            now = self.system.local_now()
            self.table.put(name, self._stamped(name, now) | self._own(values), late)
            for field, child in self.children().items():
                self._put_children(field, self.system.doctypes[child], name, values.get(field, []), now, late)
            return name

    def insert_many(self, many: Iterable[Row]) -> list[str]:
        return [self.insert(values) for values in many]

    def update(self, name: str, values: Row) -> None:
        """A save: this document and all its child rows get a new `modified`. A child table given is replaced; rows
        that bring their name keep it."""
        with self.system.lock:
            now, late = self.system.local_now(), self._late()
            self.table.put(name, self.table[name] | self._own(values) | {"modified": now}, late)
            for field, child in self.children().items():
                kept = values.get(field, self._lines(field, child, name))
                self._put_children(field, self.system.doctypes[child], name, kept, now, late)

    def update_many(self, names: Iterable[str], values: Row) -> None:
        for name in names:
            self.update(name, values)

    def set_value(self, name: str, values: Row, update_modified: bool = True) -> None:
        """Straight into the row, as ERPNext does with quantities delivered; may leave even `modified` as it was."""
        with self.system.lock:
            stamp = {"modified": self.system.local_now()} if update_modified else {}
            self.table.put(name, self.table[name] | self._own(values) | stamp, self._late())

    def delete(self, name: str) -> None:
        with self.system.lock:
            document, late = self.document(self.table[name], self._all_lines), self._late()
            for child in self.children().values():
                for line in [r for r in self.system.doctypes[child].table.truth() if r["parent"] == name]:
                    self.system.doctypes[child].table.drop(line["name"], late)
            self.table.drop(name, late)
            if self.name != DELETED and not self.system.sim.faults.silent(self.name):
                data = json.dumps(document, ensure_ascii=False)
                told = {"deleted_name": name, "deleted_doctype": self.name, "data": data, "restored": 0}
                self.system.doctypes[DELETED].insert(told)

    def delete_many(self, names: Iterable[str]) -> None:
        for name in names:
            self.delete(name)

    def _late(self) -> int:
        return self.system.sim.faults.late(self.name)

    def _put_children(
        self, field: str, child: DocType, parent: str, lines: list[Row], now: datetime, late: int
    ) -> None:
        before = {line["name"]: line for line in self._lines(field, child.name, parent)}
        for idx, line in enumerate(lines, 1):
            old = before.pop(line.get("name", ""), None)
            row = dict(old) if old else child._stamped(child._new_name({}), now)
            row |= {"parent": parent, "parentfield": field, "parenttype": self.name, "idx": idx}
            row |= child._own(line) | {"modified": now, "docstatus": self.table[parent]["docstatus"]}
            child.table.put(row["name"], row, late)
        for gone in before:
            child.table.drop(gone, late)

    def _lines(self, field: str, child: str, parent: str) -> list[Row]:
        found = [
            r for r in self.system.doctypes[child].table.truth() if (r["parent"], r["parentfield"]) == (parent, field)
        ]
        return sorted(found, key=lambda row: row["idx"])

    def _all_lines(self, child: str) -> list[Row]:
        return list(self.system.doctypes[child].table.truth())

    def _stamped(self, name: str, now: datetime) -> Row:
        row = dict.fromkeys(f for f in self.fields if f not in self.children())
        who = {"owner": "Administrator", "modified_by": "Administrator"}
        return row | {"name": name, "creation": now, "modified": now, "docstatus": 0, "idx": 0, **who}

    def _own(self, values: Row) -> Row:
        allowed = {f for f in self.fields if f not in self.children()} | {"docstatus"}
        if unknown := set(values) - allowed - set(self.children()) - set(STANDARD) - set(OF_CHILD):
            raise KeyError(f"{self.name} has no field {sorted(unknown)}")
        return {field: value for field, value in values.items() if field in allowed}

    def _new_name(self, values: Row) -> str:
        if self.name_field:
            return str(values[self.name_field])
        self._number += 1
        if self.series:
            return f"{self.series}{self._number:05d}"
        return hashlib.sha256(f"{self.name} {self._number}".encode()).hexdigest()[:10]

    # as the API shows it

    def document(self, row: Row, lines_of: Any) -> Row:
        """A whole document with its child tables; lines_of(child DocType) answers that table's rows."""
        found = {**shown(row), "doctype": self.name}
        for field, child in self.children().items():
            lines = [r for r in lines_of(child) if (r["parent"], r["parentfield"]) == (row["name"], field)]
            lines.sort(key=lambda line: line["idx"])
            found[field] = [{**shown(line), "doctype": child} for line in lines]
        return found


def shown(row: Row) -> Row:
    """Instants as text without a zone; the fraction is missing where it is zero."""
    return {name: str(value) if isinstance(value, datetime) else value for name, value in row.items()}
