"""Every word exists in both languages, takes the same facts, and is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

from components.i18n import LANGUAGES, section, t, texts

ROOT = Path(__file__).resolve().parents[2]
USED_BY_CODE = [*ROOT.glob("components/**/*.py"), *ROOT.glob("pages/*.py"), ROOT / "data_access" / "panels.toml"]
FOR_SCRIPTS = ("js", "deskjs", "exportjs")  # sections whose words the browser is given
SCRIPTS = [*ROOT.glob("assets/*.js")]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_both_languages_have_the_same_keys() -> None:
    en, zh = (set(texts(lang)) for lang in LANGUAGES)
    missing = {key for key in en - zh if not key.endswith("_one")}  # Chinese has no singular form
    assert not missing and not zh - en, (missing, zh - en)


def test_both_languages_take_the_same_facts() -> None:
    en, zh = texts("en"), texts("zh")
    wrong = {key: (fields(en[key]), fields(zh[key])) for key in zh if fields(zh[key]) - fields(en[key])}
    assert not wrong


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bold_stars_come_in_pairs(lang: str) -> None:
    assert not [key for key, text in texts(lang).items() if text.count("*") % 2]


def test_chinese_is_chinese() -> None:
    latin_on_purpose = {
        "wall.company_suffix", "unit.score", "role.erp", "role.crm", "nav.lang.en", "customer.stat.rfm",
    }  # fmt: skip
    plain = {
        key for key, text in texts("zh").items() if not re.search(r"[\u4e00-\u9fff]", re.sub(r"\{\w+\}", "", text))
    }
    only_fields = {key for key in plain if not re.sub(r"\{\w+\}|[\s*×,:：·、–-]", "", texts("zh")[key])}
    assert plain - only_fields <= latin_on_purpose, plain - only_fields - latin_on_purpose


def test_every_key_used_exists() -> None:
    known = set(texts("en"))
    used = {key for path in USED_BY_CODE for key in re.findall(r'\bt\(\s*\w+,\s*"([\w.]+)"', path.read_text())}
    assert used and used <= known, used - known
    asked = {key for path in SCRIPTS for key in re.findall(r'T\.text\("(\w+)"', path.read_text())}
    unknown = {key for key in asked if not any(f"{name}.{key}" in known for name in FOR_SCRIPTS)}
    assert asked and not unknown, unknown


def test_every_key_is_used() -> None:
    code = "\n".join(path.read_text() for path in [*USED_BY_CODE, *SCRIPTS])
    families = set(re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)*)\.\{", code)) | {"alert", "ticker.topic"}
    families |= set(re.findall(r'section\([\w.]+, "([a-z_]+)"\)', code)) - set(FOR_SCRIPTS)
    quoted = set(re.findall(r'"([\w.]+)"', code))
    silent = []
    for key in texts("en"):
        stem = key.removesuffix("_one")
        in_family = any(stem.startswith(family + ".") for family in families)
        bare = stem.partition(".")[2] if stem.partition(".")[0] in FOR_SCRIPTS else stem
        if not ({stem, bare} & quoted or in_family or stem.startswith("js.step_")):
            silent.append(key)
    assert not silent, silent


def test_plural_and_fields() -> None:
    assert t("en", "risk.waiting", n=1) == "*1* order waits"
    assert t("en", "risk.waiting", n=7) == "*7* orders wait"
    assert t("zh", "risk.waiting", n=1) == "*1* 单等待"
    assert t("en", "customers.row", name="{money}", money="¥1", change="–").startswith("{money}: ¥1")


def test_section_for_the_browser_has_no_prefix() -> None:
    assert section("en", "js")["as_of"] == "as of {time}"
