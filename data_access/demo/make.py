"""A demo company from nothing: two databases, the truth, plan figures and a configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from data_access.demo.zone import ZONE
from data_access.errors import ConfigError

Progress = Callable[[str, int, int], None]
ERP_ENV, CRM_ENV = "TANDEM_DEMO_ERP_URL", "TANDEM_DEMO_CRM_URL"
_CONFIG = """# The demo company. Made by `python app.py demo`; safe to delete with its folder.
[company]
name = "Kaichuan Motion"
currency = "CNY"
timezone = "{zone}"
language = "{language}"
targets = "targets.csv"

[warehouse]
path = "warehouse"

[[source]]
name = "erp"
role = "erp"
system = "demo_erp"
url = "{erp}"
every = "5s"
fresh_within = "2m"

[[source]]
name = "crm"
role = "crm"
system = "demo_crm"
url = "{crm}"
every = "5s"
fresh_within = "2m"
"""


@dataclass(frozen=True)
class DemoPaths:
    """Where the demo stands; the URLs are usable as they are (secrets included): never print them."""

    directory: Path
    config: Path
    truth: Path
    targets: Path
    erp_url: str
    crm_url: str
    rows: dict[str, int]


def make(
    directory: Path,
    *,
    lines: int = 60_000,
    seed: int = 7,
    months: int = 36,
    today: date | None = None,
    erp_url: str | None = None,
    crm_url: str | None = None,
    language: str = "en",
    on_progress: Progress | None = None,
) -> DemoPaths:
    """Writes the demo into `directory` (and the two given databases: their demo tables are dropped and made anew)."""
    if lines < 500 or not 13 <= months <= 120:
        raise ConfigError("the demo needs at least 500 lines and 13 to 120 months", "give --lines 500 or more")
    tell: Progress = on_progress or (lambda _label, _done, _total: None)
    day = today or datetime.now(ZoneInfo(ZONE)).date()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{directory} cannot be made ({error.strerror})", "choose a folder you may write") from error
    config, truth_path, targets_path = directory / "tandem.toml", directory / "truth.json", directory / "targets.csv"
    urls = {
        name: given or _fresh_file(directory / f"{name}.db") for name, given in (("erp", erp_url), ("crm", crm_url))
    }
    tell("company", 0, 3)
    from data_access.demo import company, truth

    made = company.build(seed, lines, months, day)
    tell("company", 1, 3)
    rows = company.store(made, urls["erp"], urls["crm"], tell)
    truth.write_truth(truth_path, made.truth)
    truth.write_targets(targets_path, truth.targets(made.world))
    shown = {
        "erp": f"${{{ERP_ENV}}}" if erp_url else "sqlite:///erp.db",
        "crm": f"${{{CRM_ENV}}}" if crm_url else "sqlite:///crm.db",
    }
    config.write_text(_CONFIG.format(zone=ZONE, language=language, **shown), encoding="utf-8")
    tell("company", 3, 3)
    return DemoPaths(directory, config, truth_path, targets_path, urls["erp"], urls["crm"], rows)


def _fresh_file(path: Path) -> str:
    for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        old.unlink(missing_ok=True)
    return f"sqlite:///{path.resolve()}"
