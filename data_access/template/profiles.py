"""Profiles over tables, files or sheets that are called and shaped like the canonical entities."""

from __future__ import annotations

from data_access.connectors.canonical import Entity, Field, entities

CSV = """\
# CSV files, one an entity, with the canonical names as headers. A file or a column that is not there stays empty.
# Under [files] and in each column can be said how they are written: README, "Files".
system = "csv"
title = "CSV files"
kind = "files"

[files]
optional = true
# delimiter = ";"              # , ; tab or | by itself
# encoding = "cp1252"          # UTF-8 or GB18030 by itself
# decimal = ","
# thousands = "."
# dates = ["%d.%m.%Y"]         # besides 2026-12-31
# timezone = "Europe/Berlin"   # of instants without an offset; else UTC
# nulls = ["", "-"]            # words that mean nothing
"""
EXCEL = """\
# Workbooks with one sheet an entity, with the canonical names as headers. A sheet or a column that is not there stays
# empty. Under [files] and in each column can be said how they are written: README, "Files".
system = "excel"
title = "Excel workbooks"
kind = "files"

[files]
optional = true
# header = 3                   # row of the column names; else 1
# decimal = ","                # of numbers that stand there as text
# dates = ["%d.%m.%Y"]         # of dates that stand there as text
# timezone = "Europe/Berlin"   # of instants; else UTC
"""
SQL = """\
# A database. Each block below reads one table: write its name behind table, its columns behind from, and take away the
# "# " in front of the blocks you have. Then run: python app.py doctor
# A column's from may be any expression of the database over the table `s`, like from = "upper(s.name)"; instead of a
# table a stream may have a query = \"\"\"SELECT ...\"\"\". With cursor (the column that changes with every change of a
# row) only changes are read; without it the whole table is.
system = "my_system"
title = "My system"
kind = "sql"
"""
_EMPTY = {"text": ("", "''"), "date": ("0001-01-01", "DATE '0001-01-01'")}
_EMPTY["timestamp"] = ("0001-01-01 00:00:00+00", "TIMESTAMPTZ '0001-01-01 00:00:00+00'")


def files_profile(kind: str) -> str:
    """The shipped profile of CSV files or workbooks, with every field's meaning."""
    blocks = [CSV if kind == "csv" else EXCEL]
    for entity in entities():
        place = f'table = "{entity.plural}.csv"'
        if kind == "excel":
            place = f'table = "*.xls*"\nfiles = {{ sheet = "{entity.plural}" }}'
        blocks.append(_block(entity, place, [_file_column(entity, field) for field in entity.fields], files=True))
    return "\n".join([*blocks, _maps()])


def sql_profile() -> str:
    """A profile of a database, all but its first entity behind "# "."""
    blocks = [SQL]
    for place, entity in enumerate(entities()):
        columns = [_said(field, f'{{ type = "{field.type}", from = "s.{field.name}" }}') for field in entity.fields]
        block = _block(entity, f'table = "{entity.plural}"\n# cursor = "s.changed_at"', columns, files=False)
        blocks.append(block if not place else "".join(f"# {line}".rstrip() + "\n" for line in block.splitlines()))
    return "\n".join([*blocks, _maps()])


def _block(entity: Entity, place: str, columns: list[str], *, files: bool) -> str:
    key = ", ".join(f'"{name}"' for name in (entity.key if files else _plain_key(entity)))
    fields = "\n".join(_mapped(entity, field, files) for field in entity.fields)
    return (
        f"# {entity.doc}\n[stream.{entity.name}]\n{place}\nkey = [{key}]\n[stream.{entity.name}.columns]\n"
        + "\n".join(columns)
        + f'\n[entity.{entity.name}]\nfrom = "{entity.name}"\n[entity.{entity.name}.fields]\n{fields}\n'
    )


def _plain_key(entity: Entity) -> list[str]:
    """Columns that may be empty tell no rows of a database apart."""
    needed = [field.name for field in entity.fields if field.required]
    return [name for name in entity.key if name in needed] or list(entity.key)


def _file_column(entity: Entity, field: Field) -> str:
    parts = [f'type = "{field.type}"', f'from = "{field.name}"']
    if not field.required:
        parts.append("optional = true")
        if field.name in entity.key:
            parts.append(f'default = "{_EMPTY[field.type][0]}"')
    return _said(field, f"{{ {', '.join(parts)} }}")


def _said(field: Field, value: str) -> str:
    return f"{field.name} = {value}".ljust(86) + f"  # {field.doc}"


def _mapped(entity: Entity, field: Field, files: bool) -> str:
    source = field.name
    if files and field.name in entity.key and not field.required:
        source = f"nullif({source}, {_EMPTY[field.type][1]})"
    if field.words:
        return f'{field.name} = {{ from = "lower(trim({source}))", map = "{entity.name}_{field.name}" }}'
    return f'{field.name} = "{source}"'


def _maps() -> str:
    """The words that fields may hold, each standing for itself: whatever else is there is told as not mapped."""
    blocks = [
        "# Words of the files or the database -> words of Tandem. Write your own words on the left, in small letters.\n"
    ]
    for entity in entities():
        for field in entity.fields:
            if field.words:
                lines = "".join(f'"{word}" = "{word}"\n' for word in field.words)
                blocks.append(f"[map.{entity.name}_{field.name}]\n{lines}")
    return "\n".join(blocks)
