-- doc: What every figure is relative to: base currency, its digits, time zone, the published business day, the month the fiscal year starts, the months of the baseline (NULL when none is set).
-- grain: one row
SELECT currency, CAST(digits AS INTEGER) AS digits, timezone, today, fiscal_year_start, baseline_first_month, baseline_last_month
FROM staging.company
