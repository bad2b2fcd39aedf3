-- doc: The demand of one product week by week: what empty shelves hid, what was said eight weeks ago beside what came and what repeating last year would have said, and what is expected with its bands.
-- grain: one row per ISO week, 52 full ones back and 16 ahead from the current one
WITH week AS (
    SELECT CAST(date_trunc('week', c.today) AS DATE) + CAST(7 * (n - 52) AS INTEGER) AS week_start FROM core.company c CROSS JOIN range(68) r(n)
)
SELECT w.week_start, h.demand AS hidden_demand, r.mean AS said, r.lo80 AS said_lo80, r.hi80 AS said_hi80, r.naive AS repeated, r.actual AS came,
       f.mean AS expected, f.lo80 AS expected_lo80, f.hi80 AS expected_hi80, f.lo95 AS expected_lo95, f.hi95 AS expected_hi95, f.model
FROM week w
LEFT JOIN plan.hidden_demand h ON h.product_id = $item AND h.period_start = w.week_start
LEFT JOIN plan.forecast_recalled r ON r.product_id = $item AND r.period_start = w.week_start
LEFT JOIN plan.demand_forecast f ON f.product_id = $item AND f.period_start = w.week_start
ORDER BY w.week_start
