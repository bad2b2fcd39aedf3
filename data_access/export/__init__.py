"""What leaves the house: a panel's rows as JSON, CSV and XLSX, each with its provenance, never cut, never a formula."""

from __future__ import annotations

from data_access.export.extracts import Extract, extract
from data_access.export.files import FORMATS, media_type, write
from data_access.export.text import to_json
from data_access.export.values import plain
from data_access.export.words import Words

DRAWN = ("png", "svg", "pdf")

__all__ = ["DRAWN", "FORMATS", "Extract", "Words", "extract", "media_type", "plain", "to_json", "write"]
