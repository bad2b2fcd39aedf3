"""A model of Odoo: its records, the fields it keeps itself, and how `read` shows a record.

Follows https://www.odoo.com/documentation/19.0/developer/reference/backend/orm.html (fields, automatic fields, read):
empty values are false, many2one is [id, display_name], instants are "YYYY-MM-DD HH:MM:SS" in UTC without fractions.
Deletes are physical. A changed line does not touch its order.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.simulator.odoo_domain import DomainError
from tests.simulator.store import Row, Table

if TYPE_CHECKING:
    from tests.simulator.odoo import Odoo

AUTOMATIC: dict[str, Any] = {
    "id": "integer",
    "display_name": "char",
    "create_date": "datetime",
    "write_date": "datetime",
    "create_uid": ("many2one", "res.users"),
    "write_uid": ("many2one", "res.users"),
}
USER = {"id": 2, "name": "Administrator"}


class Model:
    """fields: name -> "char", "float", ..., ("many2one", model[, "cascade"]), ("one2many", model, inverse field),
    ("many2many", model) or ("selection", [(value, label), ...]). `rows` is the truth: many2one as plain ids, empty as
    None, write_date to the second, as it is answered."""

    def __init__(self, system: Odoo, name: str, fields: dict[str, Any], rec_name: str, order: str) -> None:
        self.system, self.name, self.rec_name, self.order = system, name, rec_name, order
        self.fields: dict[str, Any] = {**AUTOMATIC, **fields}
        self.table = Table()
        self._next = 1

    @property
    def rows(self) -> list[Row]:
        with self.system.lock:
            return [{name: _text(value) for name, value in row.items()} for row in copy.deepcopy(self._truth())]

    def _truth(self) -> list[Row]:
        return list(self.table.truth())

    # the schema

    def kind(self, field: str) -> str:
        if field not in self.fields:
            raise DomainError(f"Invalid field {self.name}.{field}")
        kind = self.fields[field]
        return kind if isinstance(kind, str) else str(kind[0])

    def comodel(self, field: str) -> Model | None:
        kind = self.fields[field]
        return None if isinstance(kind, str) or kind[0] == "selection" else self.system.models.get(kind[1])

    def add_field(self, name: str, kind: Any) -> None:
        with self.system.lock:
            self.fields[name] = kind

    def drop_field(self, name: str) -> None:
        with self.system.lock:
            del self.fields[name]

    def described(self) -> dict[str, Row]:
        """`fields_get`: type, label and what it relates to, by field."""
        found: dict[str, Row] = {}
        for name, kind in self.fields.items():
            shown: Row = {"type": self.kind(name), "string": name.replace("_", " ").title(), "name": name}
            shown |= {"readonly": name in AUTOMATIC, "required": False, "store": self.kind(name) != "one2many"}
            if isinstance(kind, tuple):
                shown |= {"selection": [list(pair) for pair in kind[1]]} if kind[0] == "selection" else {}
                shown |= {"relation": kind[1]} if kind[0] != "selection" else {}
                shown |= {"relation_field": kind[2]} if kind[0] == "one2many" else {}
            found[name] = shown
        return found

    # changes

    def insert(self, values: Row) -> int:
        with self.system.lock:
            record, now = self._next, self._moment()
            self._next += 1
            row = dict.fromkeys(self._stored()) | self._checked(values) | {"id": record}
            row |= {"create_date": now, "write_date": now, "create_uid": USER["id"], "write_uid": USER["id"]}
            self.table.put(record, row, self._late())
            return record

    def insert_many(self, many: Iterable[Row]) -> list[int]:
        return [self.insert(values) for values in many]

    def update(self, record: int, values: Row) -> None:
        with self.system.lock:
            row = self.table[record] | self._checked(values) | {"write_date": self._moment()}
            self.table.put(record, row, self._late())

    def update_many(self, records: Iterable[int], values: Row) -> None:
        with self.system.lock:
            for record in records:
                self.update(record, values)

    def delete(self, record: int) -> None:
        """Gone without a trace, and with it the records that depend on it (many2one with "cascade")."""
        with self.system.lock:
            self._drop(record, self._late())

    def _drop(self, record: int, late: int) -> None:
        self.table.drop(record, late)
        for other in self.system.models.values():
            for field, kind in other.fields.items():
                if isinstance(kind, tuple) and kind[:2] == ("many2one", self.name):
                    other.orphaned(field, record, "cascade" in kind, late)

    def delete_many(self, records: Iterable[int]) -> None:
        for record in records:
            self.delete(record)

    def orphaned(self, field: str, record: int, cascade: bool, late: int) -> None:
        """In the same transaction: rows that led to a deleted record go too, or lead nowhere."""
        for row in [row for row in self._truth() if row.get(field) == record]:
            if cascade:
                self._drop(row["id"], late)
            else:
                self.table.put(row["id"], {**row, field: None}, late)

    def _stored(self) -> list[str]:
        return [name for name in self.fields if name != "display_name" and self.kind(name) != "one2many"]

    def _checked(self, values: Row) -> Row:
        if unknown := set(values) - set(self._stored()):
            raise KeyError(f"{self.name} stores no field {sorted(unknown)}")
        return values

    def _moment(self) -> datetime:
        return self.system.sim.now().astimezone(UTC).replace(tzinfo=None)

    def _late(self) -> int:
        return self.system.sim.faults.late(self.name)

    # as `read` shows it

    def shown(self, row: Row, fields: Iterable[str] | None) -> Row:
        wanted = list(self.fields) if not fields else list(dict.fromkeys(["id", *fields]))
        return {name: self._value(row, name) for name in wanted}

    def _value(self, row: Row, name: str) -> Any:
        kind, value = self.kind(name), row.get(name)
        if name == "display_name":
            return str(row.get(self.rec_name) or f"{self.name},{row['id']}")
        if kind == "one2many":
            return self._lines(row["id"], self.fields[name])
        if kind == "many2one":
            return [value, self._name_of(self.fields[name][1], value)] if value else False
        if value is None:
            return {"integer": 0, "float": 0.0, "monetary": 0.0, "many2many": []}.get(kind, False)
        return _text(value)

    def _lines(self, record: int, kind: tuple[Any, ...]) -> list[int]:
        other = self.system.models[kind[1]]
        return [row["id"] for row in other.table.visible() if row.get(kind[2]) == record]

    def _name_of(self, model: str, record: int) -> str:
        if model == "res.users" and record == USER["id"]:
            return str(USER["name"])
        return self.system.names(model).get(record, f"{model},{record}")


def _text(value: Any) -> Any:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
