"""A company as one simulated system holds it: its truth as plain rows, and one random change after another."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.simulator.store import Row

MANY = 30  # entities with fewer rows are not deleted from: a few deletes would look like an outage


def always(row: Row) -> bool:
    return True


def never(row: Row) -> bool:
    return False


@dataclass(frozen=True)
class Change:
    kind: str  # insert | update | child | delete | batch_insert | batch_update | batch_delete
    entity: str
    keys: tuple[Any, ...]


class Entity:
    """One kind of thing in one system. number: the field that numbers it, where copies may be made; alter: new values
    for a row; alter_line: for one of its lines; keep: rows that are never deleted, as others lead to them; where: which
    rows of the source are of this kind."""

    key = "id"

    def __init__(
        self,
        source: Any,
        number: str = "",
        alter: Callable[[random.Random], Row] | None = None,
        alter_line: Callable[[random.Random], Row] | None = None,
        keep: Callable[[Row], bool] = never,
        where: Callable[[Row], bool] = always,
    ) -> None:
        self.source, self.number, self.keep, self.where = source, number, keep, where
        self.alter, self.alter_line = alter, alter_line

    def rows(self) -> list[Row]:
        """The truth, plain rows by the system's own field names (Jiandaoyun: labels)."""
        return [row for row in self.source.rows if self.where(row)]

    def keys(self) -> list[Any]:
        return [row[self.key] for row in self.rows()]

    def values(self, row: Row) -> Row:
        """What has to be written to make another row like this one."""
        raise KeyError(f"{self} makes no copies")

    def insert(self, values: Row) -> Any:
        return self.source.insert(values)

    def insert_many(self, many: list[Row]) -> list[Any]:
        return list(self.source.insert_many(many))

    def change_line(self, rng: random.Random) -> Any:
        """Changes one line and nothing else; the key of what changed, None where there is no line."""
        raise KeyError(f"{self} has no lines")


class Company:
    def __init__(self, system: Any, entities: dict[str, Entity]) -> None:
        self.system, self.entities = system, entities
        self._made = 0

    def rows(self, entity: str) -> list[Row]:
        return self.entities[entity].rows()

    def truth(self) -> dict[str, list[Row]]:
        return {name: entity.rows() for name, entity in self.entities.items()}

    def mutate(self, rng: random.Random) -> Change:
        """One random change of one entity; the same one for the same state of rng and data."""
        kinds = ("insert", "update", "child", "delete", "batch_insert", "batch_update", "batch_delete")
        kind = rng.choices(kinds, (25, 35, 15, 10, 5, 5, 5))[0]
        able = sorted(name for name, entity in self.entities.items() if self._can(entity, kind))
        name = rng.choice(able)
        return Change(kind, name, tuple(self._change(rng, self.entities[name], kind)))

    def _can(self, entity: Entity, kind: str) -> bool:
        if kind == "child":
            return entity.alter_line is not None
        if entity.alter is None:
            return False
        if kind.endswith("insert"):
            return bool(entity.number)
        return not kind.endswith("delete") or len(self._deletable(entity)) >= MANY

    def _deletable(self, entity: Entity) -> list[Any]:
        return [row[entity.key] for row in entity.rows() if not entity.keep(row)]

    def _change(self, rng: random.Random, entity: Entity, kind: str) -> list[Any]:
        if kind == "child":
            return [entity.change_line(rng)]
        if kind.endswith("insert"):
            return self._insert(rng, entity, batch=kind.startswith("batch"))
        able = self._deletable(entity) if kind.endswith("delete") else entity.keys()
        chosen = rng.sample(able, 3 if kind.startswith("batch") else 1)
        assert entity.alter is not None
        if kind == "update":
            entity.source.update(chosen[0], entity.alter(rng))
        elif kind == "batch_update":
            entity.source.update_many(chosen, entity.alter(rng))
        elif kind == "delete":
            entity.source.delete(chosen[0])
        else:
            entity.source.delete_many(chosen)
        return chosen

    def _insert(self, rng: random.Random, entity: Entity, batch: bool) -> list[Any]:
        many = []
        for row in rng.sample(entity.rows(), 3 if batch else 1):
            self._made += 1
            many.append(entity.values(row) | {entity.number: f"N{self._made:05d}"})
        return entity.insert_many(many) if batch else [entity.insert(many[0])]
