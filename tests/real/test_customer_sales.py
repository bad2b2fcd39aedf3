"""Sales per customer of a company that Tryton wrote, against the same sums in SQL on its own database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from data_access import customers
from data_access.filters import Filters
from data_access.reading import rows
from data_access.warehouse import Reader
from tests.real.company import RealCompany

pytestmark = pytest.mark.real

# Half-even, which PostgreSQL's own round() is not.
HALF_EVEN = """
CREATE OR REPLACE FUNCTION half_even(x numeric, digits int) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN abs(x * 10::numeric ^ digits - trunc(x * 10::numeric ^ digits)) = 0.5
                THEN 2 * round(x * 10::numeric ^ digits / 2) / 10::numeric ^ digits ELSE round(x, digits) END $$"""
PER_SALE = """
WITH line AS (
    SELECT s.id, s.party, s.currency, c.digits, coalesce(s.sale_date, s.quotation_date, s.create_date::date) AS day,
           half_even(l.quantity::numeric * l.unit_price, c.digits) AS amount
    FROM sale_sale s JOIN sale_line l ON l.sale = s.id JOIN currency_currency c ON c.id = s.currency
    WHERE s.company = 1 AND l.type = 'line' AND s.state IN ('confirmed', 'processing', 'done')
),
sale AS (SELECT id, party, currency, day, sum(amount) AS amount FROM line GROUP BY id, party, currency, day)
SELECT s.party, s.id, s.day, half_even(s.amount / coalesce(CASE WHEN s.currency = own.currency THEN 1 END, (
           SELECT r.rate FROM currency_currency_rate r WHERE r.currency = s.currency AND r.date <= s.day
           ORDER BY r.date DESC LIMIT 1)) * coalesce((
           SELECT r.rate FROM currency_currency_rate r WHERE r.currency = own.currency AND r.date <= s.day
           ORDER BY r.date DESC LIMIT 1), 1), 2)
FROM sale s JOIN company_company own ON own.id = 1"""


@pytest.fixture(scope="module")
def per_sale(postgres, whole_tryton) -> list[tuple[str, date, Decimal]]:
    """(customer, day, amount in base currency) of every sale."""
    found = postgres.sql(whole_tryton, HALF_EVEN, PER_SALE)
    return [(f"erp:{party}", day, amount) for party, _, day, amount in found]


@pytest.mark.parametrize("period", ["2000-01-01..2099-12-31", "12m", "2025-01-01..2025-12-31", "90d"])
def test_booked_per_customer_is_the_sum_of_its_sales(whole: RealCompany, per_sale, period: str):
    reader = Reader(whole.config.warehouse.path)
    reader.refresh()
    filters = Filters((("period", (period,)),))
    first, last = filters.days(reader.today)
    expected: dict[str, Decimal] = {}
    for customer, day, amount in per_sale:
        if first <= day <= last:
            expected[customer] = expected.get(customer, Decimal(0)) + amount
    found = rows(customers.customers(reader, filters=filters))
    booked = {row["customer_id"]: Decimal(str(round(row["booked"], 2))) for row in found if row["booked"]}
    assert booked == {customer: amount for customer, amount in expected.items() if amount}
    assert len(expected) > 20 or period != "2000-01-01..2099-12-31"
