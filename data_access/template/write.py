"""The files of a template: configuration, profile, and where it reads files the files with their headers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from data_access.connectors.canonical import entities
from data_access.errors import TandemError
from data_access.template.profiles import files_profile, rest_profile, sql_profile

PROFILE = "my_system.toml"
EXPORTS = "exports"
_CONFIG = """\
[company]
name = "My company"
currency = "EUR"              # base currency, ISO 4217
timezone = "Europe/Berlin"    # where business days begin and end
language = "en"               # zh or en

[[source]]
name = "erp"
role = "erp"                  # erp or crm; add a second [[source]] for the other
profile = "{profile}"
{place}
every = "60s"
"""
_SQL_PLACE = """\
# postgresql+psycopg://user:${ERP_PASSWORD}@host/database or mysql+pymysql://... or sqlite:///file.db
url = "sqlite:///my_system.db\""""
_REST_PLACE = """\
base_url = "https://erp.example.com"
api_key = "${ERP_API_KEY}"    # from the environment, or "file:/path"\
"""


def write(folder: Path, kind: str) -> list[Path]:
    """Makes them and answers their paths; TandemError, before any is written, when one is there already."""
    wanted: dict[Path, Callable[[Path], object]] = {}
    config = _CONFIG.format(profile=PROFILE, place=_PLACES[kind])
    profile = _PROFILES[kind]()
    wanted[folder / "tandem.toml"] = lambda path: path.write_text(config, encoding="utf-8")
    wanted[folder / PROFILE] = lambda path: path.write_text(profile, encoding="utf-8")
    if kind == "csv":
        for entity in entities():
            header = ",".join(field.name for field in entity.fields) + "\n"
            wanted[folder / EXPORTS / f"{entity.plural}.csv"] = _writer(header)
    elif kind == "excel":
        wanted[folder / EXPORTS / "my_system.xlsx"] = _write_book
    for path in wanted:
        if path.exists():
            raise TandemError(f"{path} is there already", "give another folder, or move the file away")
    try:
        for path, make in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            make(path)
    except OSError as error:
        raise TandemError(f"{folder} cannot be written ({error.strerror})", "give another folder") from error
    return list(wanted)


def _writer(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _write_book(path: Path) -> None:
    """One sheet an entity; the meaning of a column is a comment on its header."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as book:
        bold = book.add_format({"bold": True})
        for entity in entities():
            sheet = book.add_worksheet(entity.plural)
            for column, field in enumerate(entity.fields):
                sheet.write_string(0, column, field.name, bold)
                told = f"{field.doc} ({field.type}{', needed' if field.required else ''})"
                sheet.write_comment(0, column, told)
            sheet.set_column(0, len(entity.fields) - 1, 16)
            sheet.freeze_panes(1, 0)


_PLACES = {"csv": f'folder = "{EXPORTS}"', "excel": f'folder = "{EXPORTS}"', "sql": _SQL_PLACE, "rest": _REST_PLACE}
_PROFILES: dict[str, Callable[[], str]] = {
    "csv": partial(files_profile, "csv"), "excel": partial(files_profile, "excel"),
    "sql": sql_profile, "rest": rest_profile,
}  # fmt: skip
KINDS = tuple(_PROFILES)
