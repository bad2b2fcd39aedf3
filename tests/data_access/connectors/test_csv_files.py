"""CSV files in the ways people and programs write them, against Python's own csv module."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from data_access.connectors.files import spool
from data_access.connectors.files.connector import FilesConnector
from data_access.connectors.profile import load_profile
from data_access.errors import ConfigError, SourceError
from tests.data_access.connectors.folder import connect, places, profile, rows, values

HOSTILE = [
    '=cmd|"/c calc"!A1',
    "line\nbreak",
    'quo"te',
    "semi;colon",
    "tab\tstop",
    "Ä€金蝶",
    "  spaces  ",
    "'; DROP TABLE x",
]


def write(path: Path, records: list[list[str]], encoding: str = "utf-8", **dialect: str) -> None:
    with open(path, "w", newline="", encoding=encoding) as file:
        csv.writer(file, **dialect).writerows(records)


def failure(connector: FilesConnector) -> str:
    with pytest.raises(SourceError) as caught:
        rows(connector)
    line = caught.value.line()
    assert "\n" not in line and caught.value.hint and not caught.value.transient
    return line


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_comes_out_as_it_was_written(tmp_path, delimiter, ends, encoding):
    records = [[str(i), text, ""] for i, text in enumerate(HOSTILE)] + [["77", "客户名称与地址", ""]]
    write(tmp_path / "a.csv", [["id", "name", "amount"], *records], encoding, delimiter=delimiter, lineterminator=ends)
    assert [(row["id"], row["name"]) for row in rows(connect(tmp_path))] == [(r[0], r[1]) for r in records]


def test_lines_are_told_exactly_whatever_stands_between(tmp_path):
    text = 'id,name,amount\r\n1,"a\r\nb",1\r\n\r\n2,c,2\r\n\n3,"d\n\n\n",3\r\n,,\r\n4,e,4'
    (tmp_path / "a.csv").write_bytes(text.replace("\r\n\n3", "\r\n3").encode())
    assert places(connect(tmp_path)) == [f"a.csv, line {line}" for line in (2, 5, 6, 11)]


def test_western_text_is_not_taken_for_chinese(tmp_path):
    write(tmp_path / "a.csv", [["id", "name", "amount"], ["1", "x", "1"], ["2", "Müller, Größe, Café", ""]], "cp1252")
    told = failure(connect(tmp_path))
    assert "a.csv line 3 is neither UTF-8 nor GB18030" in told and 'encoding = "cp1252"' in told
    assert values(connect(tmp_path, profile(encoding="cp1252")), "name") == ["x", "Müller, Größe, Café"]
    assert values(connect(tmp_path, profile(encoding="latin-1")), "name") == ["x", "Müller, Größe, Café"]
    assert "line 3 is not UTF-8" in failure(connect(tmp_path, profile(encoding="utf-8")))


def test_headers_in_any_language_and_shape(tmp_path):
    columns = {"id": {"type": "integer", "from": "Pos - Nr."}, "name": {"type": "text", "from": "客户 名称"}}
    text = '\ufeff"Pos\n- Nr.",Other, 客户\u00a0名称 ,Other\n1,o,甲,p\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert rows(connect(tmp_path, profile(columns=columns))) == [{"id": "1", "name": "甲"}]
    assert places(connect(tmp_path, profile(columns=columns))) == ["a.csv, line 3"]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("inside", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_header_of_two_lines_costs_no_row(tmp_path, ends, inside, mark):
    lines = [f'{mark}"id"\t"Preis je{inside}Einheit"', f'1\t"a{inside}b"', "2\tc", "3\td", ""]
    (tmp_path / "a.csv").write_bytes(ends.join(lines).encode())
    columns = {"id": "integer", "name": {"type": "text", "from": "Preis je Einheit"}}
    found = rows(connect(tmp_path, profile(columns=columns)))
    assert [(row["id"], row["name"]) for row in found] == [("1", f"a{inside}b"), ("2", "c"), ("3", "d")]


def test_header_troubles_are_told_by_name(tmp_path):
    write(tmp_path / "a.csv", [["id", "name", "name", "Amuont"], ["1", "a", "b", "2"]])
    assert 'two columns are called "name"' in failure(connect(tmp_path))
    columns = {"id": "integer", "amount": "decimal(18,2)"}
    told = failure(connect(tmp_path, profile(columns=columns)))
    assert 'no column "amount"' in told and 'did you mean "Amuont"?' in told
    columns["amount"] = {"type": "decimal(18,2)", "optional": True}
    found = connect(tmp_path, profile(columns=columns))
    assert rows(found) == [{"id": "1", "amount": None}]
    assert found.notes() == ["a.csv has no amount; these stay empty"]


def test_header_below_a_title_and_a_separator_line(tmp_path):
    (tmp_path / "a.csv").write_text("Report of today\n\nid;name;amount\n1;a;2\n", encoding="utf-8")
    assert values(connect(tmp_path, profile(header=3)), "name") == ["a"]
    assert places(connect(tmp_path, profile(header=3))) == ["a.csv, line 4"]
    (tmp_path / "a.csv").write_text("sep=|\nid|name|amount\n1|a;b;c;d|2\n", encoding="utf-8")
    assert values(connect(tmp_path), "name") == ["a;b;c;d"]


@pytest.mark.parametrize("form, cell, expected", [
    ({}, " 1234.56 ", "1234.56"),
    ({}, "1,234.56", "1,234.56"),
    ({"thousands": ","}, "1,234,567.8", "1234567.8"),
    ({"thousands": ","}, "1,23", '"1,23"'),
    ({"decimal": ",", "thousands": "."}, "1.234,56", "1234.56"),
    ({"decimal": ",", "thousands": "."}, "-1.234.567", "-1234567"),
    ({"decimal": ",", "thousands": "."}, "1.234,56-", "-1234.56"),
    ({"decimal": ",", "thousands": "."}, "1234,5", "1234.5"),
    ({"decimal": ",", "thousands": "."}, "1.23", '"1.23"'),
    ({"decimal": ",", "thousands": "."}, "12.34,5", '"12.34,5"'),
    ({"decimal": ","}, "1.234,56", '"1.234,56"'),
    ({"decimal": ",", "thousands": " "}, "12\u00a0345,6", "12345.6"),
    ({"decimal": ",", "thousands": " "}, "12\u202f345", "12345"),
    ({"thousands": "'"}, "12'345.5", "12345.5"),
    ({"nulls": ["", "n/a", "-"]}, " n/a ", None),
    ({"decimal": ",", "nulls": ["", "-"]}, "-", None),
])  # fmt: skip
def test_numbers_as_people_write_them(tmp_path, form, cell, expected):
    write(tmp_path / "a.csv", [["id", "name", "amount"], ["1", "a", cell]], delimiter="|")
    assert values(connect(tmp_path, profile(**form)), "amount") == [expected]


@pytest.mark.parametrize("form, kind, cell, expected", [
    ({"dates": ["%d.%m.%Y"]}, "date", "31.12.2026", "2026-12-31"),
    ({"dates": ["%d.%m.%Y"]}, "date", "2026-12-31", "2026-12-31"),
    ({"dates": ["%d.%m.%Y"]}, "date", "31.12.26", "31.12.26"),
    ({"dates": ["%d.%m.%Y"]}, "timestamp", "31.12.26", "31.12.26"),
    ({"dates": ["%m/%d/%Y", "%d-%b-%y"]}, "date", "05-Jan-26", "2026-01-05"),
    ({"dates": ["%m/%d/%Y"]}, "date", "31/12/2026", "31/12/2026"),
    ({"dates": ["%Y年%m月%d日"]}, "date", "2026年3月5日", "2026-03-05"),
    ({"timezone": "Asia/Shanghai"}, "timestamp", "2026-03-05 07:30", "2026-03-04 23:30:00+00"),
    ({"timezone": "Asia/Shanghai"}, "timestamp", "2026-03-05T07:30:00Z", "2026-03-05T07:30:00Z"),
    ({"dates": ["%d.%m.%Y %H:%M"]}, "timestamp", "01.07.2026 08:00", "2026-07-01 08:00:00+00"),
    ({}, "timestamp", "next week", "next week"),
])  # fmt: skip
def test_days_and_instants_as_people_write_them(tmp_path, form, kind, cell, expected):
    write(tmp_path / "a.csv", [["id", "at"], ["1", cell]])
    assert values(connect(tmp_path, profile(columns={"id": "text", "at": kind}, **form)), "at") == [expected]


def test_a_column_may_differ_from_its_file(tmp_path):
    write(tmp_path / "a.csv", [["id", "net", "gross"], ["1", "1,5", "1.5"], ["2", "", "none"]], delimiter=";")
    columns = {
        "id": "text", "net": {"type": "double", "default": "0"},
        "gross": {"type": "double", "decimal": ".", "nulls": ["none"]},
    }  # fmt: skip
    found = rows(connect(tmp_path, profile(columns=columns, decimal=",")))
    assert [(row["net"], row["gross"]) for row in found] == [("1.5", "1.5"), ("0", None)]


@pytest.mark.parametrize("tail, expected", [
    ("3,c", "a.csv line 5 has 2 columns where the header has 3"),
    ("3,c,4,5\n9,x,y", "a.csv line 5 has 4 columns where the header has 3"),
    ('3,"c', "a.csv line 5 opens a quote that never closes"),
    ('3,"c,1\n4,d,2\n5,e,3\n', "a.csv line 5 opens a quote that never closes"),
    (f"3,{'x' * 10_000_000},4\n", "a.csv line 5"),
    ("3,a\0b,4\n", "a.csv line 5 holds NUL bytes"),
])  # fmt: skip
def test_damage_is_told_with_its_line_before_any_row_is_given(tmp_path, tail, expected):
    (tmp_path / "a.csv").write_bytes(b'id,name,amount\n1,"a\nb",2\n2,b,3\n' + tail.encode())
    connector = connect(tmp_path)
    told = failure(connector)
    assert expected in told and len(told) < 400


def test_nothing_outside_the_folder(tmp_path):
    folder, secret = tmp_path / "in", tmp_path / "secret.csv"
    folder.mkdir()
    write(secret, [["id", "name", "amount"], ["1", "canary", "1"]])
    (folder / "link.csv").symlink_to(secret)
    told = failure(connect(folder))
    assert "link.csv: a link that leads out of the folder" in told and "canary" not in told
    (folder / "link.csv").unlink()
    write(folder / "a.csv", [["id", "name", "amount"], ["1", "a", "1"]])
    (folder / "b.csv").symlink_to(folder / "a.csv")
    assert values(connect(folder), "name") == ["a", "a"]


@pytest.mark.parametrize("name", ["[ab].csv", "a?*.csv", "it's.csv", "http:x.csv", "a b.csv"])
def test_names_are_names_and_no_patterns(tmp_path, name):
    write(tmp_path / name, [["id", "name", "amount"], ["1", "a", "1"]])
    assert values(connect(tmp_path), "name") == ["a"]


def test_unfinished_files_are_not_looked_at(tmp_path):
    write(tmp_path / "a.csv", [["id", "name", "amount"], ["1", "a", "1"]])
    for name in ("~$a.csv", ".a.csv", "a.csv.part", "b.tmp"):
        (tmp_path / name).write_text("nothing of use", encoding="utf-8")
    assert values(connect(tmp_path, profile("*")), "name") == ["a"]


def test_no_file_and_no_folder(tmp_path):
    (tmp_path / "order.csv").write_text("id,name,amount\n", encoding="utf-8")
    told = failure(connect(tmp_path, profile("orders.csv")))
    assert "no file is called orders.csv" in told and 'did you mean "order.csv"?' in told
    assert rows(connect(tmp_path, profile("orders.csv", optional=True))) == []
    assert connect(tmp_path, profile("orders.csv", optional=True)).notes() == ["not there, so empty: orders.csv"]
    with pytest.raises(SourceError, match="is not there"):
        connect(tmp_path / "gone").check()
    with pytest.raises(SourceError, match="holds no file of the profile"):
        connect(tmp_path, profile("orders.csv", optional=True)).check()
    assert connect(tmp_path).check() == 0.0


def test_the_doctor_names_the_cells_that_do_not_fit(tmp_path):
    write(tmp_path / "a.csv", [["id", "name", "amount"], ["1", "a", "1,5"], ["2", "b", "2"], ["3", "c", "2,5"]])
    (wrong,) = connect(tmp_path).verify()
    assert 'a.csv, line 2: amount: "1,5" is not decimal(18,2) (2 rows' in wrong.message and "decimal" in wrong.hint
    assert connect(tmp_path, profile(decimal=",")).verify() == []


@pytest.mark.parametrize("stream, expected", [
    ({"table": "../x.csv"}, "leads out of the folder"),
    ({"table": "/etc/passwd"}, "leads out of the folder"),
    ({"cursor": "id"}, "files have none"),
    ({"files": {"mode": "append", "latest": True}}, "latest goes with"),
    ({"files": {"encoding": "klingon"}}, "is not an encoding"),
    ({"files": {"dates": ["DD.MM."]}}, "is not a date format"),
    ({"files": {"delimeter": ";"}}, "unknown key"),
])  # fmt: skip
def test_mistakes_in_profiles_are_named(tmp_path, stream, expected):
    fields = {"table": "a.csv", "key": ["id"], "columns": {"id": "text"}} | stream
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items()]
    text = 'system = "t"\ntitle = "T"\nkind = "files"\n[stream.a]\n' + "\n".join(lines)
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=expected) as caught:
        load_profile(str(tmp_path / "t.toml"))
    assert caught.value.line().startswith("t.toml: ") and json.dumps(caught.value.hint) != '""'


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(value)


def test_many_rows_in_bounded_memory_and_exact_order(tmp_path):
    """A file larger than a page comes in pages, in its order, each row with its line."""
    with open(tmp_path / "a.csv", "w", encoding="utf-8") as file:
        file.write("id,name,amount\n")
        file.writelines(f'{i},"n{i}",{i}.25\n' for i in range(120_000))
    pages = list(connect(tmp_path, page_rows=50_000).read("things", None, None))
    assert max(page.num_rows for page in pages) <= 50_000
    found = [(row["id"], row["_place"]) for page in pages for row in page.to_pylist()]
    assert found == [(str(i), f"a.csv, line {i + 2}") for i in range(120_000)]


def test_scratch_folders_of_the_dead_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    names = {f"{spool.PREFIX}{ended.pid}-a": False, f"{spool.PREFIX}{os.getpid()}-b": True, f"{spool.PREFIX}x-c": True}
    for name in names:
        (tmp_path / name).mkdir()
    spool._clear_dead.cache_clear()
    spool._clear_dead()
    assert {name: (tmp_path / name).exists() for name in names} == names


def test_unreadable_file(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    write(tmp_path / "a.csv", [["id", "name", "amount"]])
    (tmp_path / "a.csv").chmod(0)
    assert "cannot be read" in failure(connect(tmp_path))
