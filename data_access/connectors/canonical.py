"""The canonical entities with the meaning of every field, as entities.toml tells them in its comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from data_access.connectors.profile import ENTITIES

_ENTITY = re.compile(r"\[(\w+)\]")
_FIELD = re.compile(r'(\w+) = "([^"!]+)(!?)"\s*(?:# (.*))?')
_TYPES = {"VARCHAR": "text", "BOOLEAN": "boolean", "INTEGER": "integer", "DATE": "date", "TIMESTAMPTZ": "timestamp"}

# What tells one row from another, where it is not the first column.
_KEYS = {
    "sales_order_line": ("line_id",),
    "purchase_order_line": ("line_id",),
    "bom_line": ("product_id", "component_id", "valid_from"),
    "routing_operation": ("product_id", "work_center_id"),
    "opportunity_line": ("opportunity_id", "line_id", "product_id", "sku"),
    "opportunity_stage_history": ("opportunity_id", "stage", "entered_at"),
    "campaign_product": ("campaign_id", "product_sku"),
    "target": ("metric", "period_start"),
    "cost_entry": ("period_start", "kind", "currency"),
    "exchange_rate": ("currency", "day"),
}


@dataclass(frozen=True)
class Field:
    """type: as profiles write it; words: the values it may have, none where any will do."""

    name: str
    type: str
    required: bool
    doc: str

    @property
    def words(self) -> tuple[str, ...]:
        parts = tuple(self.doc.split(" | "))
        return parts if len(parts) > 1 and all(re.fullmatch(r"\w+", part) for part in parts) else ()


@dataclass(frozen=True)
class Entity:
    """doc: what its rows are."""

    name: str
    doc: str
    fields: tuple[Field, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return _KEYS.get(self.name, (self.fields[0].name,))

    @property
    def plural(self) -> str:
        """As files, sheets and tables are called."""
        if self.name.endswith("history"):
            return self.name
        return f"{self.name[:-1]}ies" if self.name.endswith("y") else f"{self.name}s"


@cache
def entities() -> tuple[Entity, ...]:
    """In the order of entities.toml."""
    found: list[Entity] = []
    before = name = doc = ""
    fields: list[Field] = []
    for line in [*ENTITIES.read_text(encoding="utf-8").splitlines(), "[end]"]:
        if entity := _ENTITY.fullmatch(line.strip()):
            if name:
                found.append(Entity(name, doc, tuple(fields)))
            name, doc, fields = entity[1], before.removeprefix("# "), []
        elif field := _FIELD.match(line):
            kind = _TYPES.get(field[2], field[2].lower())
            fields.append(Field(field[1], kind, bool(field[3]), field[4] or ""))
        before = line
    return tuple(found)
