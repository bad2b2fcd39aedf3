-- doc: The plan of record in figures, to be held beside scenarios: items that run out and that fall below their safety stock, money at risk, the fullest work centre, mean stock value of ten weeks.
-- grain: one row
SELECT scenario, stock_outs, below_safety, revenue_at_risk, utilisation, work_center_id, work_center, peak_week, weeks_overloaded, stock_value,
       new_stock_outs, avoided_stock_outs
FROM plan.record
