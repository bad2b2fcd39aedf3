"""What a metric is called and means, in the language of the page; its definition is the one of metrics.toml."""

from __future__ import annotations

from components.i18n import has, t
from data_access.metrics import metrics


def metric_name(lang: str, name: str) -> str:
    """Its name; one that has no words yet goes by its own."""
    return t(lang, f"metric.{name}") if has(lang, f"metric.{name}") else name.replace("_", " ")


def metric_grain(lang: str, name: str) -> str:
    """What one value of it stands for."""
    one = metrics()[name]
    return (one.grain_zh or one.grain) if lang == "zh" else one.grain


def metric_definition(lang: str, name: str) -> str:
    """What it means; in English where there is no Chinese yet."""
    one = metrics()[name]
    return (one.definition_zh or one.definition) if lang == "zh" else one.definition
