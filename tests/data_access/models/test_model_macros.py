"""Every named rule of models/macros against Python's decimal."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_access.names import legal_forms
from tests.modelbench import Bench

BENCH = Bench()
DIGITS = st.integers(0, 4)
AMOUNT = st.decimals(-(10**12), 10**12, places=4) | st.decimals(-(10**12), 10**12, places=2)
QUANTITY = st.decimals(-(10**7), 10**7, places=6) | st.integers(-(10**7), 10**7).map(Decimal)
PRICE = QUANTITY | st.decimals(-(10**7), 10**7, places=2)
RATE = st.decimals(Decimal("0.000001"), 10**6, places=12) | st.just(Decimal(1))


def sql(expression: str, *values: Any) -> Any:
    row = BENCH.con.execute(f"SELECT {expression}", list(values)).fetchone()
    return None if row is None else row[0]


def exact(value: Fraction, digits: int) -> Decimal:
    """value rounded half-even, by whole-number arithmetic."""
    return Decimal(round(value * 10**digits)) / 10**digits


def quantized(value: Decimal, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)


@settings(max_examples=60, deadline=None)
@given(st.decimals(-(10**11), 10**11, places=6), DIGITS)
def test_half_even(x: Decimal, digits: int) -> None:
    assert sql("half_even(?::DECIMAL(18,6), ?)", x, digits) == quantized(x, digits)


@pytest.mark.parametrize(("x", "want"), [("2.345", "2.34"), ("2.355", "2.36"), ("-2.345", "-2.34"), ("0.005", "0.00")])
def test_half_even_of_ties(x: str, want: str) -> None:
    assert sql("half_even(?::DECIMAL(18,6), 2)", Decimal(x)) == Decimal(want)


@settings(max_examples=60, deadline=None)
@given(AMOUNT, RATE, DIGITS)
def test_convert(amount: Decimal, rate: Decimal, digits: int) -> None:
    got = sql("convert(?::DECIMAL(18,4), ?::DECIMAL(24,12), ?)", amount, rate, digits)
    assert got == exact(Fraction(amount) / Fraction(rate), digits)


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**37), 10**37), st.integers(1, 10**33), st.booleans())
def test_whole_numbers_of_any_size(n: int, d: int, make_tie: bool) -> None:
    d = max(d, abs(n) // 10**29, 1)
    if make_tie:
        d *= 2
        n = n // d * d + d // 2
    assert sql("divide_half_even(?::HUGEINT, ?::HUGEINT)", n, d) == round(Fraction(n, d))


def test_no_rate_is_no_amount() -> None:
    assert sql("convert(100::DECIMAL(18,4), NULL::DECIMAL(24,12), 2)") is None
    assert sql("convert(100::DECIMAL(18,4), 0::DECIMAL(24,12), 2)") is None


@settings(max_examples=60, deadline=None)
@given(QUANTITY, PRICE, DIGITS)
def test_extend(quantity: Decimal, price: Decimal, digits: int) -> None:
    got = sql("extend(?::DECIMAL(18,6), ?::DECIMAL(18,6), ?)", quantity, price, digits)
    assert got == exact(Fraction(quantity) * Fraction(price), digits)


@settings(max_examples=60, deadline=None)
@given(AMOUNT, QUANTITY, QUANTITY.filter(bool), DIGITS)
def test_share(amount: Decimal, part: Decimal, whole: Decimal, digits: int) -> None:
    got = sql("share(?::DECIMAL(18,4), ?::DECIMAL(18,6), ?::DECIMAL(18,6), ?)", amount, part, whole, digits)
    assert got == exact(Fraction(amount) * Fraction(part) / Fraction(whole), digits)
    shares = "share(?::DECIMAL(18,4), ?::DECIMAL(18,6), ?::DECIMAL(18,6), ?)"
    assert sql(shares, amount, whole, whole, digits) == quantized(amount, digits)
    assert sql(shares, amount, Decimal(0), whole, digits) == 0


@settings(max_examples=60, deadline=None)
@given(AMOUNT, QUANTITY.filter(lambda q: q > 0))
def test_per_unit(amount: Decimal, quantity: Decimal) -> None:
    got = sql("per_unit(?::DECIMAL(18,4), ?::DECIMAL(18,6))", amount, quantity)
    assert got == exact(Fraction(amount) / Fraction(quantity), 6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Straße GmbH & Co. KG", "Muller Strasse"),
        ("Societe Vega Hardware S.A.R.L.", "Société Vega Hardware"),
        ("宁波新宇机械股份有限公司", "宁波新宇机械有限公司"),
        ("Ｎｏｖａ Ｃｏｒｐ．", "nova"),
        ("Ningbo Xinyu Logistics Co, Ltd", "NINGBO XINYU LOGISTICS CO.,LTD."),
        ("O'Neil Inc.", "ONeil"),
    ],
)
def test_names_that_mean_one_company(one: str, other: str) -> None:
    assert sql("norm_name(?)", one) == sql("norm_name(?)", other)


def test_every_legal_form_says_nothing_of_who_it_is() -> None:
    forms = legal_forms()
    names = [f"Vega {form}" for form in (*forms.words, *(f"{word} co" for word in forms.joining))]
    assert {sql("norm_name(?)", name) for name in names} == {"vega"}
    assert {sql("norm_name(?)", "新宇" + ending) for ending in forms.endings} == {"新宇"}


@pytest.mark.parametrize(("one", "other"), [("Alpha Drives", "Alpha Drive"), ("Co", "Ltd"), ("北京光明", "上海光明")])
def test_names_that_do_not(one: str, other: str) -> None:
    assert sql("norm_name(?)", one) != sql("norm_name(?)", other)


def test_tax_numbers() -> None:
    assert sql("norm_tax(?)", "de 295.959-452") == "DE295959452"
    assert (sql("tax_prefix(?)", "DE295959452"), sql("tax_body(?)", "DE295959452")) == ("DE", "295959452")
    assert (sql("tax_prefix(?)", "26-1789989"), sql("tax_body(?)", "26-1789989")) == (None, "261789989")
    assert sql("norm_tax(?)", " - ") is None


def test_company_date_is_the_companys_day() -> None:
    assert str(sql("company_date(TIMESTAMPTZ '2026-11-22 23:30:00+00')")) == "2026-11-23"
