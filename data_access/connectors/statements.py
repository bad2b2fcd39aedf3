"""The SELECTs a profile's streams become, in the source's dialect, for SQLAlchemy's text()."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from data_access.connectors import placeholders
from data_access.connectors.base import CURSOR_COLUMN
from data_access.connectors.dialects import Dialect
from data_access.connectors.profile import Profile, Stream
from data_access.errors import ConfigError

KEYS_AT_ONCE = 400
_SAFE_SETTING = re.compile(r"[\w .:@/+-]{0,200}")

Statement = tuple[str, dict[str, object]]  # SQL with :names, and their values


class Statements:
    """SQL of one source. Fragments of the profile go in as they stand, but for {settings} and colons (escaped)."""

    def __init__(
        self, profile: Profile, dialect: Dialect, quote: Callable[[str], str], settings: Mapping[str, str]
    ) -> None:
        self._profile = profile
        self._dialect = dialect
        self._quote_identifier = quote
        self._settings = settings

    def window(self, stream: str, since: datetime | None, until: datetime | None) -> Statement:
        """Rows with since <= cursor <= until ordered by (cursor, key); unbounded rows without a cursor come too."""
        spec = self._profile.stream[stream]
        conditions, bounds = [self.where(spec)], dict[str, object]()
        order = [self._expression(spec, key) for key in spec.key]
        if spec.cursor is not None:
            cursor = self._dialect.comparable(self._cursor(spec))
            order.insert(0, cursor)
            for name, sign, moment in (("since", ">=", since), ("until", "<=", until)):
                if moment is not None:
                    conditions.append(f"{cursor} {sign} {self._dialect.comparable(f':{name}')}")
                    bounds[name] = self._dialect.bound(moment)
        return f"{self.select(spec)} WHERE {' AND '.join(conditions)} ORDER BY {', '.join(order)}", bounds

    def keys(self, stream: str) -> Statement:
        spec = self._profile.stream[stream]
        return f"{self.select(spec, spec.key)} WHERE {self.where(spec)}", {}

    def by_keys(self, stream: str, keys: Sequence[tuple[object, ...]]) -> Iterator[Statement]:
        """Statements of a few hundred keys each."""
        spec = self._profile.stream[stream]
        columns = [self._expression(spec, key) for key in spec.key]
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = keys[start : start + KEYS_AT_ONCE]
            bounds = {f"k{i}_{j}": value for i, key in enumerate(some) for j, value in enumerate(key)}
            if len(columns) == 1:
                match = f"{columns[0]} IN ({', '.join(f':k{i}_0' for i in range(len(some)))})"
            else:
                each = (" AND ".join(f"{name} = :k{i}_{j}" for j, name in enumerate(columns)) for i in range(len(some)))
                match = " OR ".join(f"({text})" for text in each)
            yield f"{self.select(spec)} WHERE {self.where(spec)} AND ({match})", bounds

    def count_by_day(self, stream: str, until: datetime | None) -> Statement:
        """day_, rows_ and total_ of the rows up to `until`, and of those without a cursor."""
        spec = self._profile.stream[stream]
        conditions, bounds = [self.where(spec)], dict[str, object]()
        if spec.cursor is not None and until is not None:
            cursor = self._dialect.comparable(self._cursor(spec))
            conditions.append(f"({cursor} <= {self._dialect.comparable(':until')} OR {cursor} IS NULL)")
            bounds["until"] = self._dialect.bound(until)
        amount = self._amount(spec)
        rows = f"SELECT {self._day(spec)} AS day_, {amount} AS amount_ FROM {self.origin(spec)}"
        rows = f"{rows} WHERE {' AND '.join(conditions)}"
        return f"SELECT day_, count(*) AS rows_, sum(amount_) AS total_ FROM ({rows}) q GROUP BY day_", bounds

    def days(self, stream: str, days: Sequence[date | None]) -> Iterator[Statement]:
        """The rows of these days, in statements of a few hundred days each."""
        spec = self._profile.stream[stream]
        known = [day.isoformat() for day in days if day is not None]
        for start in range(0, len(known), KEYS_AT_ONCE):
            bounds: dict[str, object] = {f"d{i}": day for i, day in enumerate(known[start : start + KEYS_AT_ONCE])}
            among = f"{self._day(spec)} IN ({', '.join(f':{name}' for name in bounds)})"
            yield f"{self.select(spec)} WHERE {self.where(spec)} AND {among}", bounds
        if None in days:
            yield f"{self.select(spec)} WHERE {self.where(spec)} AND {self._day(spec)} IS NULL", {}

    def _day(self, spec: Stream) -> str:
        assert spec.reconcile is not None
        return self._dialect.day(self._expression(spec, spec.reconcile.day))

    def _amount(self, spec: Stream) -> str:
        assert spec.reconcile is not None
        if spec.reconcile.sum is None:
            return "0"
        return self._dialect.number(self._expression(spec, spec.reconcile.sum), spec.digits(spec.reconcile.sum))

    def nothing(self, stream: str) -> str:
        """The stream's whole SELECT, answering no row: what a live schema must be able to run."""
        spec = self._profile.stream[stream]
        return f"{self.select(spec)} WHERE 1 = 0 AND {self.where(spec)}"

    def select(self, spec: Stream, names: Sequence[str] | None = None) -> str:
        columns = [f"{self._expression(spec, name)} AS {self._quote(name)}" for name in names or spec.columns]
        cursor = self._cursor(spec) if spec.cursor is not None else "NULL"
        return f"SELECT {', '.join(columns)}, {cursor} AS {self._quote(CURSOR_COLUMN)} FROM {self.origin(spec)}"

    def origin(self, spec: Stream) -> str:
        if spec.table is None:
            return f"({self._raw(spec.query or '')}) s"
        return ".".join(self._quote(part) for part in spec.table.split(".")) + " s"

    def where(self, spec: Stream) -> str:
        return f"({self._raw(spec.where)})" if spec.where else "(1 = 1)"

    def fill(self, fragment: str) -> str:
        """The fragment with {name} replaced by the source's setting of that name."""
        return placeholders.fill(fragment, self._settings)

    def _expression(self, spec: Stream, name: str) -> str:
        """A column by its own name is qualified: SQLite takes an unknown quoted name for a string otherwise."""
        expression = spec.columns[name].expression
        return f"s.{self._quote(name)}" if expression is None else f"({self._raw(expression)})"

    def _cursor(self, spec: Stream) -> str:
        return f"({self._raw(spec.cursor or '')})"

    def _raw(self, fragment: str) -> str:
        return self.fill(fragment).replace(":", "\\:")

    def _quote(self, name: str) -> str:
        return self._quote_identifier(name).replace(":", "\\:")


def checked_settings(profile: Profile, given: Mapping[str, object]) -> dict[str, str]:
    """The profile's settings as texts that are safe inside quotes in SQL; ConfigError names the one that is not."""
    values: dict[str, str] = {}
    for name, value in given.items():
        if name not in profile.settings:
            known = ", ".join(profile.settings) or "none"
            raise ConfigError(f"{name}: the profile {profile.file.name} knows no such setting", f"known: {known}")
        values[name] = str(value)
    for name, spec in profile.settings.items():
        if name not in values and spec.default is not None:
            values[name] = spec.default
        if name not in values and spec.required:
            need = f"{name}: missing; the profile {profile.file.name} needs it ({spec.doc})"
            raise ConfigError(need, f'add {name} = "..." to the [[source]]')
        if not _SAFE_SETTING.fullmatch(values.get(name, "")):
            raise ConfigError(
                f"{name}: has characters that cannot stand in SQL", "use letters, digits and . : @ / + - _"
            )
    return values
