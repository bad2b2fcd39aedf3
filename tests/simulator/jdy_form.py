"""A form of Jiandaoyun: its fields, its rows by label, and the same rows as the API and the webhook show them.

Field and data types, system fields: https://hc.jiandaoyun.com/open/10993 ; ids of subform rows:
https://hc.jiandaoyun.com/open/12359 . Where a value is missing the samples show "" for texts; null for numbers and
times, [] for lists and null for objects are assumed.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.simulator.store import Row, Table

if TYPE_CHECKING:
    from tests.simulator.jiandaoyun import Jiandaoyun

Fields = dict[str, "str | dict[str, str]"]

TEXTS = ("text", "textarea", "sn", "radiogroup", "combo")
LISTS = ("checkboxgroup", "combocheck", "subform", "image", "upload", "usergroup", "deptgroup")
SYSTEM = ("creator", "updater", "deleter", "createTime", "updateTime", "deleteTime")
MEMBER = {"name": "小简", "username": "xiaojian", "status": 1, "type": 0, "departments": [1, 3]}


def instant(moment: datetime) -> str:
    """UTC with milliseconds, as all instants travel: 2018-01-01T10:10:10.000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def blank(kind: str) -> Any:
    if kind in TEXTS:
        return ""
    return [] if kind in LISTS else None


class Form:
    """`rows` is the truth: by label, with the system fields and, in subforms, each line's _id.

    Single changes are sent to the webhook if there is one; the `_many` (batch) ones send nothing.
    """

    def __init__(self, system: Jiandaoyun, app: str, name: str, fields: Fields, aliases: dict[str, str]) -> None:
        self.system, self.app, self.name = system, app, name
        self.app_id, self.entry_id = system.app_id(app), system.new_id()
        self.aliases = aliases
        self.kinds: Fields = {}
        self.widget_ids: dict[str, str] = {}  # label, or "subform/label" -> _widget_<n>
        self.modified_at = system.now()
        self.table, self._bin = Table(), dict[str, Row]()
        for label, kind in fields.items():
            self.add_field(label, kind)

    @property
    def path(self) -> str:
        return f"{self.app}/{self.name}"

    @property
    def rows(self) -> list[Row]:
        with self.system.lock:
            return copy.deepcopy(list(self.table.truth()))

    # the schema

    def add_field(self, label: str, kind: str | dict[str, str]) -> None:
        """kind: a documented field type, or a dict of a subform's columns."""
        with self.system.lock:
            self.kinds[label] = kind
            self.widget_ids.setdefault(label, self.system.new_widget())
            for column in kind if isinstance(kind, dict) else ():
                self.widget_ids.setdefault(f"{label}/{column}", self.system.new_widget())

    def drop_field(self, label: str) -> None:
        with self.system.lock:
            del self.kinds[label]

    def wire_name(self, label: str, within: str = "") -> str:
        """What the API calls a field: its alias, or else its widget's id."""
        path = f"{within}/{label}" if within else label
        return self.aliases.get(path) or self.widget_ids.get(path, label)

    def names(self) -> dict[str, str]:
        """label -> name on the wire, of fields and of the columns of subforms."""
        found = {label: self.wire_name(label) for label in self.kinds}
        for label, kind in self.kinds.items():
            for column in kind if isinstance(kind, dict) else ():
                found.setdefault(column, self.wire_name(column, label))
        return found

    # changes

    def insert(self, values: Row) -> str:
        return self._insert(values, notify=True)

    def insert_many(self, many: Iterable[Row]) -> list[str]:
        return [self._insert(values, notify=False) for values in many]

    def update(self, data_id: str, values: Row) -> None:
        """Only these fields change; a subform is replaced as a whole, lines that bring their _id keep it."""
        self._update(data_id, values, notify=True)

    def update_many(self, data_ids: Iterable[str], values: Row) -> None:
        for data_id in data_ids:
            self._update(data_id, values, notify=False)

    def delete(self, data_id: str) -> None:
        self._delete(data_id, notify=True)

    def delete_many(self, data_ids: Iterable[str]) -> None:
        for data_id in data_ids:
            self._delete(data_id, notify=False)

    def recover(self, data_id: str) -> None:
        """Back from the recycle bin, with the id it had."""
        with self.system.lock:
            self.table.put(data_id, self._bin.pop(data_id), self._late())
            self._touched("data_recover", self.table[data_id], notify=True)

    def _insert(self, values: Row, notify: bool) -> str:
        with self.system.lock:
            data_id, now = self.system.new_id(), instant(self.system.now())
            stamped = {"creator": MEMBER, "updater": MEMBER, "createTime": now, "updateTime": now}
            row = {"_id": data_id, **stamped, "deleter": None, "deleteTime": None, **self._checked(values)}
            self.table.put(data_id, row, self._late())
            self._touched("data_create", row, notify)
            return data_id

    def _update(self, data_id: str, values: Row, notify: bool) -> None:
        with self.system.lock:
            row = copy.deepcopy(self.table[data_id]) | self._checked(values)
            row["updateTime"] = instant(self.system.now())
            self.table.put(data_id, row, self._late())
            self._touched("data_update", row, notify)

    def _delete(self, data_id: str, notify: bool) -> None:
        with self.system.lock:
            row = self.table.drop(data_id, self._late())
            self._bin[data_id] = row
            gone = {**row, "deleter": MEMBER, "deleteTime": instant(self.system.now())}
            self._touched("data_remove", gone, notify and not self.system.sim.faults.silent(self.path))

    def _touched(self, op: str, row: Row, notify: bool) -> None:
        self.modified_at = self.system.now()
        if notify:
            self.system.notify(op, self.shown(row) | {"formName": self.name})

    def _late(self) -> int:
        return self.system.sim.faults.late(self.path)

    def _checked(self, values: Row) -> Row:
        if unknown := set(values) - set(self.kinds):
            raise KeyError(f"form {self.path} has no field {sorted(unknown)}")
        return {label: self._lines(value) if self._is_subform(label) else value for label, value in values.items()}

    def _is_subform(self, label: str) -> bool:
        return isinstance(self.kinds[label], dict)

    def _lines(self, lines: list[Row]) -> list[Row]:
        return [{"_id": line.get("_id") or self.system.new_id(), **line} for line in lines]

    # as the API shows it

    def shown(self, row: Row) -> Row:
        found = {name: row[name] for name in ("_id", *SYSTEM)}
        found |= {"appId": self.app_id, "entryId": self.entry_id}
        for label, kind in self.kinds.items():
            value = row.get(label)
            if isinstance(kind, dict):
                value = [self._shown_line(label, kind, line) for line in value or []]
            elif value is None:
                value = blank(kind)
            found[self.wire_name(label)] = value
        return found

    def _shown_line(self, label: str, kinds: dict[str, str], line: Row) -> Row:
        cells = {self.wire_name(c, label): line.get(c, blank(kind)) for c, kind in kinds.items()}
        return {"_id": line["_id"], **cells}

    def widgets(self) -> list[Row]:
        return [self._widget(label, kind) for label, kind in self.kinds.items()]

    def _widget(self, label: str, kind: str | dict[str, str], within: str = "") -> Row:
        path = f"{within}/{label}" if within else label
        found = {"name": self.wire_name(label, within), "widgetName": self.widget_ids[path], "label": label}
        if isinstance(kind, dict):
            return found | {"type": "subform", "items": [self._widget(c, k, label) for c, k in kind.items()]}
        return found | {"type": kind}
