-- doc: What the plan says of an item over its 26 weeks if nothing is hurried: when it owes something first and how deep it falls, when it falls below its safety stock, and the money at risk. tightness: 2 owes, 1 below safety, 0 neither; place: the tightest first.
-- grain: one row per product in the plan
WITH walk AS (
    SELECT m.product_id, m.period_start, m.unexpedited, p.safety_stock, p.value_at_risk, p.unit_value
    FROM plan.mps m JOIN plan.item_parameter p ON p.product_id = m.product_id
),
told AS (
    SELECT product_id, any_value(safety_stock) AS safety_stock, any_value(value_at_risk) AS value_at_risk,
           min(period_start) FILTER (WHERE unexpedited < -0.000001) AS owes_from, min(period_start) FILTER (WHERE unexpedited < safety_stock - 0.000001) AS low_from,
           greatest(-min(unexpedited), 0) AS short_quantity, CASE WHEN min(unexpedited) < -0.000001 THEN arg_min(period_start, unexpedited) END AS short_week,
           CASE WHEN min(unexpedited) < -0.000001 THEN 2 WHEN bool_or(unexpedited < safety_stock - 0.000001) THEN 1 ELSE 0 END AS tightness,
           greatest(-min(unexpedited), 0) * any_value(unit_value) AS short_value
    FROM walk
    GROUP BY product_id
)
SELECT product_id, safety_stock, value_at_risk, owes_from, low_from, short_quantity, short_week, tightness, short_value,
       row_number() OVER (ORDER BY value_at_risk DESC, tightness DESC, short_value DESC, low_from, product_id) AS place FROM told
