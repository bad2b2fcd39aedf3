-- doc: Twelve points a month apart, the last one today: what was booked in the 13 weeks up to each, and the stock of that day at today's unit cost. NULL before the data reaches back that far.
-- grain: one row per monthly point (point 11 is today) and product category
WITH point AS (
    SELECT CAST(n AS INTEGER) AS point, CAST(c.today - to_months(CAST(11 - n AS INTEGER)) AS DATE) AS day FROM core.company c CROSS JOIN range(12) r(n)
),
-- Each move belongs to the first point not before it.
arrived AS (
    SELECT p.point, f.product_id, sum(f.quantity) AS quantity
    FROM marts.stock_flow f ASOF JOIN point p ON f.day <= p.day
    GROUP BY p.point, f.product_id
),
held AS (
    SELECT p.point, a.product_id, CAST(sum(a.quantity) AS DECIMAL(18,6)) AS quantity
    FROM point p JOIN arrived a ON a.point <= p.point GROUP BY p.point, a.product_id
),
amount AS (
    SELECT h.point, coalesce(p.category, '–') AS category, extend(h.quantity, p.unit_cost, c.digits) AS stock_base, 0 AS booked_base
    FROM held h JOIN core.product p ON p.product_id = h.product_id CROSS JOIN core.company c
    UNION ALL
    SELECT p.point, s.category, 0, s.booked_base FROM point p JOIN marts.sales_day s ON s.day > p.day - 91 AND s.day <= p.day
)
SELECT p.point, p.day, a.category,
       CASE WHEN any_value(n.first_order_date) <= p.day - 90 THEN money(sum(a.booked_base)) END AS booked_base,
       CASE WHEN any_value(n.first_shipment_date) <= p.day THEN money(coalesce(sum(a.stock_base), 0)) END AS stock_base
FROM point p
JOIN amount a ON a.point = p.point
CROSS JOIN marts.span n
GROUP BY p.point, p.day, a.category
