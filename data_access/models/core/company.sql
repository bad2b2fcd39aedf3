-- doc: What every figure is relative to: base currency, its digits, time zone, the published business day.
-- grain: one row
SELECT currency, CAST(digits AS INTEGER) AS digits, timezone, today FROM staging.company
