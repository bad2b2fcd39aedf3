"""Numbers, money and dates as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from components import format as fmt
from data_access.names import legal_forms

M = 1e6


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"),
        (None, 0, "–"),
        (float("nan"), 1, "–"),
        (1234567.0, 0, "1,234,567"),
        (-12.34, 1, "−12.3"),
        (-0.04, 1, "0.0"),
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (Decimal("1.005"), 2, "1.01"),
        (1e21, 0, "1,000,000,000,000,000,000,000"),
    ],
)
def test_number(value: float | None, digits: int, text: str) -> None:
    assert fmt.number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        (41.6 * M, "en", "¥41.6M"),
        (124 * M, "en", "¥124.0M"),
        (999.96 * M, "en", "¥1.00B"),
        (1240 * M, "en", "¥1.24B"),
        (-32_870 * M, "en", "−¥32.9B"),
        (999_950, "en", "¥1.0M"),
        (12_340, "en", "¥12.3K"),
        (940, "en", "¥940"),
        (0, "en", "¥0"),
        (-7.9 * M, "en", "−¥7.9M"),
        (None, "en", "–"),
        (41.6 * M, "zh", "¥4,160万"),
        (0.79 * M, "zh", "¥79.0万"),
        (124 * M, "zh", "¥1.24亿"),
        (99.996 * M, "zh", "¥1.00亿"),
        (9_400, "zh", "¥9,400"),
        (9_999.6, "zh", "¥1.0万"),
        (-1_900_000, "zh", "−¥190万"),
    ],
)
def test_money_at_kpi_size(value: float | None, lang: str, text: str) -> None:
    assert fmt.money(value, "CNY", fmt.unit_for([value], lang, kpi=True)) == text


@pytest.mark.parametrize(
    ("values", "lang", "texts"),
    [
        ([1.9 * M, 0.26 * M], "en", ["¥1.90M", "¥0.26M"]),
        ([999_950], "en", ["¥1.00M"]),
        ([49_000, 940], "en", ["¥49.0K", "¥0.9K"]),
        ([490_000, 940, 85, 0], "en", ["¥490K", "¥1K", "<¥1K", "¥0K"]),
        ([4_876, 85], "en", ["¥4.9K", "¥0.1K"]),
        ([124.2 * M, 0.26 * M], "en", ["¥124.2M", "¥0.3M"]),
        ([1.9 * M, 0.26 * M], "zh", ["¥190万", "¥26万"]),
        ([0.26 * M, 4_000], "zh", ["¥26.0万", "¥0.4万"]),
        ([None, float("nan")], "en", ["–", "–"]),
    ],
)
def test_a_panel_has_one_unit(values: list[float | None], lang: str, texts: list[str]) -> None:
    unit = fmt.unit_for(values, lang)
    assert [fmt.money(value, "CNY", unit) for value in values] == texts


def test_fewer_digits_than_the_unit_has() -> None:
    unit = fmt.unit_for([5.74 * M], "en")
    assert fmt.money(5.74 * M, "EUR", unit, 1) == "€5.7M"
    assert fmt.money(5.74 * M, "EUR", fmt.unit_for([5.74 * M], "zh"), 1) == "€574万"


def test_currencies_without_a_sign_show_their_code() -> None:
    assert fmt.money(2 * M, "CHF", fmt.unit_for([2 * M], "en")) == "CHF\u00a02.00M"
    assert fmt.symbol("USD") == "$"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.124, "▲ 12.4%"),
        (-0.061, "▼ 6.1%"),
        (0.0, "0.0%"),
        (-0.0004, "0.0%"),
        (None, "–"),
        (1.424, "▲ 142%"),
        (0.9996, "▲ 100%"),
        (12.5, "▲ >999%"),
        (-9.996, "▼ >999%"),
    ],
)
def test_change(value: float | None, text: str) -> None:
    assert fmt.change(value) == text


def test_percent() -> None:
    assert fmt.percent(0.342) == "34.2%"
    assert fmt.percent(-0.0195) == "−2.0%"
    assert fmt.percent(None) == "–"


def test_dates_and_weeks() -> None:
    day = date(2026, 11, 23)
    assert (fmt.short_date(day, "en"), fmt.short_date(day, "zh")) == ("23 Nov", "11月23日")
    assert (fmt.long_date(day, "en"), fmt.long_date(day, "zh")) == ("Mon 23 Nov", "11月23日 周一")
    assert (fmt.week(date(2026, 12, 7), "en"), fmt.week(date(2026, 12, 7), "zh")) == ("W50", "50周")
    assert fmt.week(date(2027, 1, 1), "en") == "W53"
    assert fmt.short_date(None, "en") == "–"
    assert fmt.clock(datetime(2026, 11, 23, 16, 30, tzinfo=UTC), "Asia/Shanghai") == "00:30"


def test_plotly_text_keeps_markup_as_text() -> None:
    assert fmt.plotly_text("<b>A</b> & co &lt;") == "&lt;b&gt;A&lt;/b&gt; &amp; co &amp;lt;"


def test_clip_leaves_what_fits_and_shortens_the_rest() -> None:
    assert fmt.clip("Process pumps", 170, 22) == "Process pumps"
    short = fmt.clip("Process pumps and everything else", 170, 22)
    assert short.endswith("…") and fmt.text_width(short, 22) <= 170
    assert fmt.text_width("伺服驱动器", 22) == 110
    assert fmt.clip("", 10, 22) == ""


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Halden Robotics GmbH", "Halden Robotics"),
        ("Kaida Textile Co., Ltd.", "Kaida Textile"),
        ("Müller & Söhne GmbH & Co. KG", "Müller & Söhne"),
        ("Brightline Labs Inc.", "Brightline Labs"),
        ("Vega Hardware S.A.R.L.", "Vega Hardware"),
        ("宁波新宇机械股份有限公司", "宁波新宇机械"),
        ("Co., Ltd.", "Co., Ltd."),
        ("有限公司", "有限公司"),
        ("Falkner Energy K.K.", "Falkner Energy"),
        ("Casa", "Casa"),
        ("Costa AG Trading", "Costa AG Trading"),
    ],
)
def test_a_trade_name_has_no_legal_form(name: str, short: str) -> None:
    assert fmt.trade_name(name) == short


def test_every_legal_form_is_left_out() -> None:
    forms = legal_forms()
    for form in forms.words:
        for written in (form, form.upper(), ".".join(form.upper()) + "."):
            assert fmt.trade_name(f"Vega Hardware {written}") == "Vega Hardware", written
    assert {fmt.trade_name("新宇机械" + ending) for ending in forms.endings} == {"新宇机械"}
