-- Exact arithmetic of the models and profiles. DuckDB's `/` and avg() give DOUBLE, round() is half away from zero, and
-- HUGEINT division walks bit by bit (2 us). So: guess a quotient in DOUBLE, twice, which is at most 1 off, and let the exact rest decide.
-- list_transform([x], lambda y: ...)[1] is "let y = x": without it a macro repeats its argument and planning takes longer than the rows.
CREATE OR REPLACE MACRO ten_to(n) AS CASE n WHEN 0 THEN 1::HUGEINT WHEN 1 THEN 10 WHEN 2 THEN 100 WHEN 3 THEN 1000 WHEN 4 THEN 10000
    WHEN 5 THEN 100000 WHEN 6 THEN 1000000 WHEN 8 THEN 100000000 WHEN 9 THEN 1000000000 WHEN 10 THEN 10000000000
    WHEN 11 THEN 100000000000 WHEN 12 THEN 1000000000000 END;
CREATE OR REPLACE MACRO guess(n, d) AS TRY_CAST(CAST(n AS DOUBLE) / CAST(d AS DOUBLE) AS HUGEINT);
CREATE OR REPLACE MACRO to_even(q, d, twice_rest) AS q + CAST(twice_rest > d AS INTEGER) - CAST(twice_rest < -d AS INTEGER)
    + CAST(q & 1 AS INTEGER) * (CAST(twice_rest = d AS INTEGER) - CAST(twice_rest = -d AS INTEGER));
CREATE OR REPLACE MACRO by_rest(n, d, q) AS list_transform([2 * (n - q * d)], lambda rest: to_even(q, d, rest))[1];
CREATE OR REPLACE MACRO by_guess(n, d, q) AS list_transform([q + guess(n - q * d, d)], lambda better: by_rest(n, d, better))[1];
CREATE OR REPLACE MACRO by_parts(n, d) AS list_transform([guess(n, d)], lambda first: by_guess(n, d, first))[1];
-- n / d rounded half-even, whole numbers, quotients under 10^30; NULL when d is 0.
CREATE OR REPLACE MACRO divide_half_even(n, d) AS list_transform([{'n': n, 'd': d}], lambda v: by_parts(v.n, v.d))[1];
-- x as whole units of 10^-scale and back, exact: what is left beside a nearby whole number is small enough for DOUBLE.
CREATE OR REPLACE MACRO units(x, whole, one) AS CAST(CAST(whole AS DOUBLE) AS HUGEINT) * one + CAST(round(CAST(x - whole AS DOUBLE) * one) AS BIGINT);
CREATE OR REPLACE MACRO units4(x) AS units(CAST(x AS DECIMAL(18,4)), CAST(CAST(CAST(x AS DOUBLE) AS BIGINT) AS DECIMAL(18,4)), 10000);
CREATE OR REPLACE MACRO units6(x) AS units(CAST(x AS DECIMAL(18,6)), CAST(CAST(CAST(x AS DOUBLE) AS BIGINT) AS DECIMAL(18,6)), 1000000);
CREATE OR REPLACE MACRO units12(x) AS units(CAST(x AS DECIMAL(38,12)), CAST(CAST(CAST(x AS DOUBLE) AS BIGINT) AS DECIMAL(38,12)), 1000000000000);
CREATE OR REPLACE MACRO from_units(units, digits) AS
    CAST(CAST(units * ten_to(6 - digits) AS DECIMAL(38,0)) * 0.000001::DECIMAL(7,6) AS DECIMAL(38,6));
CREATE OR REPLACE MACRO money(x) AS CAST(x AS DECIMAL(18,4));

-- x rounded half-even to `digits` (0..4); x has at most 12 digits after the point.
CREATE OR REPLACE MACRO half_even(x, digits) AS from_units(divide_half_even(units12(x), ten_to(12 - digits)), digits);
-- Most money is in whole cents and most rates are 1: what needs no rounding takes the short way, with the same result.
CREATE OR REPLACE MACRO is_cents(x) AS x = CAST(x AS DECIMAL(18,2));
-- quantity x price rounded half-even. A plain product of two DECIMAL(18,6) overflows at 1,000,000.
CREATE OR REPLACE MACRO extend(quantity, price, digits) AS CASE
    WHEN digits >= 2 AND quantity = CAST(quantity AS DECIMAL(18,0)) AND is_cents(price)
    THEN CAST(CAST(quantity AS DECIMAL(18,0)) * CAST(price AS DECIMAL(18,2)) AS DECIMAL(38,6))
    ELSE from_units(divide_half_even(units6(quantity) * units6(price), ten_to(12 - digits)), digits) END;
-- An amount in the base currency; rate = units of the amount's currency for one base unit. No rate, no amount.
CREATE OR REPLACE MACRO convert(amount, rate, digits) AS CASE
    WHEN rate = 1 AND digits >= 2 AND is_cents(amount) THEN CAST(amount AS DECIMAL(38,6))
    ELSE from_units(divide_half_even(units4(amount) * ten_to(8) * ten_to(digits), units12(greatest(rate, 0))), digits) END;
-- The part of an amount that goes with `part` of `whole` (quantities), rounded half-even.
CREATE OR REPLACE MACRO share(amount, part, whole, digits) AS CASE
    WHEN whole <> 0 AND (part = 0 OR part = whole AND digits >= 2 AND is_cents(amount))
    THEN CAST(CASE WHEN part = 0 THEN amount - amount ELSE amount END AS DECIMAL(38,6))
    ELSE from_units(divide_half_even(units4(amount) * units6(part) * ten_to(digits) * sign(whole), abs(units6(whole)) * 10000), digits) END;
-- amount / quantity with 6 digits after the point: a net price.
CREATE OR REPLACE MACRO per_unit(amount, quantity) AS
    from_units(divide_half_even(units4(amount) * ten_to(8), units6(greatest(quantity, 0))), 6);
