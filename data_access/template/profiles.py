"""Profiles over tables, files, sheets or REST objects that are called and shaped like the canonical entities."""

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
REST = """\
# A REST interface. Its documentation tells what belongs in place of every <...> of [rest]; take another line where it
# is done otherwise. Each block below reads one list of objects: write what the list is called behind table and the path
# of each value in an object behind from ("name", "owner.name", "lines.0.sku"), delete the lines of what there is not
# (in both parts of a block), and take away the "# " in front of the blocks you have. Then run: python app.py doctor
# More of [rest]: README, "A REST interface".
system = "my_system"
title = "My system"
kind = "rest"

[settings]                       # what [[source]] has to say; {api_key} stands for it below
api_key = { required = true, doc = "key of a user who may only read" }

[rest]
auth = { kind = "bearer", token = "{api_key}" }
# auth = { kind = "key", header = "<name of the header>", token = "{api_key}" }
# auth = { kind = "basic", user = "{user}", password = "{api_key}" }        # with user under [settings], too
check = { path = "<path of any quick request, like v1/me>" }                # its Date header is the system's clock
paging = { kind = "cursor", after = "<field by which lists are ordered, like id>", size = 100 }
# paging = { kind = "offset", size = 100 }                                  # with "{offset}" in the query below
# paging = { kind = "page", first = 1, size = 100 }                         # with "{page}"
# paging = { kind = "next", next = "<path of the next page's address in an answer>", size = 100 }
limits = { rate = [{ requests = 5, per = "1s" }], parallel = 1 }            # what one account may ask
# time = { format = "%Y-%m-%d %H:%M:%S", zone = "Europe/Berlin" }           # else UTC, 2026-01-31T08:30:00.000Z

[rest.list]
path = "<path of a list, like v1/{table}>"
rows = "<path of the rows in an answer, like data>"
[rest.list.query]                # what has no value is left out
"<parameter: how many rows>" = "{size}"
"<parameter: only rows after this one>" = "{after}"
# "<parameter: only rows changed since>" = "{since}"                        # for streams with a cursor

# [[rest.error]]                 # what a refusal means: wait | credentials | reject | stop
# status = 403
# is = "stop"
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
    return _first_open(SQL, "s.", _maps())


def rest_profile() -> str:
    """A profile of a REST interface, likewise, with <...> for what its documentation tells."""
    return _first_open(REST, "", _maps("the system"))


def _first_open(head: str, of: str, maps: str) -> str:
    """`of` stands before the names of columns."""
    blocks = [head]
    for place, entity in enumerate(entities()):
        columns = [_said(field, f'{{ type = "{field.type}", from = "{of}{field.name}" }}') for field in entity.fields]
        block = _block(entity, f'table = "{entity.plural}"\n# cursor = "{of}changed_at"', columns, files=False)
        blocks.append(block if not place else "".join(f"# {line}".rstrip() + "\n" for line in block.splitlines()))
    return "\n".join([*blocks, maps])


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


def _maps(of: str = "the files or the database") -> str:
    """The words that fields may hold, each standing for itself: whatever else is there is told as not mapped."""
    blocks = [f"# Words of {of} -> words of Tandem. Write your own words on the left, in small letters.\n"]
    for entity in entities():
        for field in entity.fields:
            if field.words:
                lines = "".join(f'"{word}" = "{word}"\n' for word in field.words)
                blocks.append(f"[map.{entity.name}_{field.name}]\n{lines}")
    return "\n".join(blocks)
