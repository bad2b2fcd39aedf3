"""Instants as a system writes them: its format, its time zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data_access.clock import iso
from data_access.connectors.rest.spec import Time
from data_access.errors import ConfigError

LONGEST_FOLD = timedelta(hours=25)


class Times:
    """Bounds out, instants in."""

    def __init__(self, spec: Time, zone: str) -> None:
        self._format = spec.format
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ConfigError(f'"{zone}" is not a time zone', 'write one like "Asia/Shanghai"') from error

    def since(self, moment: datetime | None) -> str | None:
        """No later than the moment, read as this zone's clock: after an hour that occurs twice clocks show less."""
        if moment is None:
            return None
        here, later = moment.astimezone(self._zone), (moment + LONGEST_FOLD).astimezone(self._zone)
        offset = min(here.utcoffset() or timedelta(), later.utcoffset() or timedelta())
        return self._write(moment, offset)

    def until(self, moment: datetime | None) -> str | None:
        if moment is None:
            return None
        return self._write(moment, moment.astimezone(self._zone).utcoffset() or timedelta())

    def to_utc(self, value: Any) -> Any:
        """A text without zone, read in the system's, as UTC text; anything else as it came."""
        if not isinstance(value, str) or len(value) < 16:
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        if moment.tzinfo is not None or self._zone.key == "UTC":
            return value
        return moment.replace(tzinfo=self._zone).astimezone(UTC).isoformat()

    def _write(self, moment: datetime, offset: timedelta) -> str:
        if self._format == "iso":
            return iso(moment)
        return (moment.astimezone(UTC) + offset).strftime(self._format)
