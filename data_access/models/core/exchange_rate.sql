-- doc: Units of a currency for one unit of the base currency, from that day on. ERP rates win over CRM rates. (Who joins a day that may be NULL gives it one: ASOF takes NULL for the last day.)
-- grain: one row per currency and day
SELECT r.currency, r.day, arg_min(r.rate, (s.role <> 'erp', r.source)) AS rate
FROM staging.exchange_rate r
JOIN staging.source s ON s.source = r.source
WHERE r.rate > 0 AND r.currency <> (SELECT currency FROM staging.company)
GROUP BY r.currency, r.day
UNION ALL
SELECT currency, DATE '1900-01-01', CAST(1 AS DECIMAL(24,12)) FROM staging.company
