"""A planner's rules for single items: what can be written, what is refused with its line, and that they arrive."""

from pathlib import Path

import pytest

from data_access.config import load_config
from data_access.doctor import examine
from data_access.errors import ConfigError
from data_access.sync.item_rules import read

MODEL = "SELECT sku, lead_time_days, safety_stock::VARCHAR AS held, service_level, cover_weeks FROM staging.item_rule"


def rules(folder: Path, *lines: str) -> Path:
    path = folder / "items.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_what_is_left_out_stays_the_erps(tmp_path: Path) -> None:
    found = read(rules(tmp_path, "sku,safety_stock,lead_time_days", "P-1,12.5,", "P-2,,21"))
    assert found == [("P-1", None, "12.5", None, None, None, None), ("P-2", "21", None, None, None, None, None)]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("article,safety_stock", "P-1,3"), "there is no column sku"),
        (("sku,safty_stock", "P-1,3"), 'unknown column "safty_stock" | did you mean "safety_stock"?'),
        (("sku,safety_stock", "P-1,-3"), 'line 2: "-3" is no safety_stock | write a number, 0 to 100,000,000,000'),
        (("sku,safety_stock", "P-1,3", "P-2,many"), 'line 3: "many" is no safety_stock'),
        (("sku,lead_time_days", "P-1,2.5"), 'line 2: "2.5" is no lead_time_days | write a whole number, 0 to 3,650'),
        (("sku,service_level", "P-1,95"), 'line 2: "95" is no service_level | write a number, 0.5 to 0.9999'),
        (("sku,safety_stock", "P-1,3", "P-1,4"), "line 3: P-1 has a rule already"),
        (("sku,safety_stock", "P-1,3,4"), "line 2 cannot be read"),
        (("sku,safety_stock", ",3"), "line 2 cannot be read"),
        (("sku,safety_stock", '"P-1,3', "P-2,4"), "cannot be read (unexpected end of data) | close its quotes"),
        (("sku,safety_stock,safety_stock", "P-1,3,4"), "one column twice"),
        (("sku,safety_stock", "P-1,1_0"), 'line 2: "1_0" is no safety_stock'),
        (("sku,safety_stock", "P-1,1e12"), 'line 2: "1e12" is no safety_stock'),
        (("sku,safety_stock", "", "", "P-1,many"), 'line 4: "many" is no safety_stock'),
        (("sku,safety_stock", "P-1,NaN"), 'line 2: "NaN" is no safety_stock'),
    ],
)
def test_what_cannot_be_used_is_one_line_with_its_remedy(tmp_path: Path, lines: tuple[str, ...], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(rules(tmp_path, *lines))
    message, _, hint = told.partition(" | ")
    assert caught.value.message.startswith("items.csv: ") and message in caught.value.message
    assert hint in caught.value.hint and caught.value.hint


def test_rules_arrive_and_a_changed_file_is_published(tiny) -> None:
    rules(tiny.folder, "sku,safety_stock,service_level,cover_weeks", "P-1,7,0.99,4")
    config = tiny.folder / "tandem.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text + '\n[planning]\nitems = "items.csv"\nfrozen_weeks = 2\n', encoding="utf-8")
    tiny.config = load_config(config)
    (tiny.models / "core" / "item_rule.sql").write_text(MODEL, encoding="utf-8")
    (tiny.models / "core" / "plan_rule.sql").write_text("SELECT frozen_weeks FROM staging.plan_rule", encoding="utf-8")
    assert tiny.sync().status == "published"
    assert tiny.read("FROM core.item_rule") == [("P-1", None, "7.000000", 0.99, 4)]
    assert tiny.read("FROM core.plan_rule") == [(2,)]
    rules(tiny.folder, "sku,safety_stock", "P-1,8")
    assert tiny.sync().status == "published"
    assert tiny.read("SELECT held FROM core.item_rule") == [("8.000000",)]
    assert tiny.sync().status == "nothing_new"
    rules(tiny.folder, "sku,safety_stock", "P-1,eight")
    found = [each for each in examine(config, lambda _: None) if each.level == "error"]
    assert [each.text for each in found] == ['items.csv: line 2: "eight" is no safety_stock']
