-- doc: How good the total's forecast has been on weeks it had not seen, four weeks ahead.
-- grain: one row
SELECT t.model, a.coverage80, a.wape, a.bias, a.beats_naive
FROM (SELECT any_value(model) AS model FROM plan.demand_total WHERE model IS NOT NULL) t
LEFT JOIN plan.forecast_accuracy a ON a.product_id IS NULL
