"""The demo company: made from nothing by `make`, kept alive by `tick`."""

from __future__ import annotations

from data_access.demo.make import DemoPaths, make
from data_access.demo.tick import TickReport, tick

__all__ = ["DemoPaths", "TickReport", "make", "tick"]
