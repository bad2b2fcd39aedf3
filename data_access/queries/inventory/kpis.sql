-- doc: The figures of sales against stock: what is sold a week, what lies there, what of it is at risk, too much, old or wanted by deals.
-- grain: one row
WITH item AS (SELECT * FROM marts.item i WHERE $category IS NULL OR list_contains($category, i.category)),
product AS (SELECT product_id FROM core.product p WHERE $category IS NULL OR list_contains($category, coalesce(p.category, '–'))),
sold AS (
    SELECT sum(s.booked_base) FILTER (WHERE s.day > c.today - 28) AS now, sum(s.booked_base) FILTER (WHERE s.day <= c.today - 28) AS before
    FROM marts.sales_day s CROSS JOIN core.company c
    WHERE s.day > c.today - 56 AND s.day <= c.today AND ($category IS NULL OR list_contains($category, s.category))
),
stock AS (
    SELECT count(*) AS rows, coalesce(sum(value_base), 0) AS value, CAST(coalesce(sum(greatest(value_base, 0)), 0) AS DOUBLE) AS positive
    FROM core.stock_on_hand SEMI JOIN product USING (product_id)
),
walk AS (
    SELECT week_no, from_day, to_day, sum(cost) AS cost, sum(sum(cost)) OVER (ORDER BY week_no) AS used
    FROM marts.cost_walk w WHERE $category IS NULL OR list_contains($category, w.category)
    GROUP BY week_no, from_day, to_day
),
cover AS (
    SELECT CASE WHEN max(used) > 0 AND max(rows) > 0 THEN
               least(coalesce(arg_min(from_day + (positive - (used - cost)) / cost * (to_day - from_day), week_no)
                                  FILTER (WHERE cost > 0 AND used >= positive), 728), 728) END AS days
    FROM walk CROSS JOIN stock
),
risk AS (
    SELECT sum(at_risk) AS money, count(*) FILTER (WHERE at_risk > 0) AS items, coalesce(sum(orders_waiting) FILTER (WHERE at_risk > 0), 0) AS orders,
           sum(over_10_weeks_value) AS over_10_weeks, sum(stock_value) AS at_sales_value, sum(weekly_sales) AS weekly_sales
    FROM item
),
need AS (
    SELECT coalesce(sum(n.quantity * n.probability * CAST(i.net_price AS DOUBLE)) FILTER (WHERE n.kind = 'deal'), 0) AS deals,
           coalesce(sum(CAST(n.short AS DOUBLE) * CAST(i.net_price AS DOUBLE)), 0) AS short, count(DISTINCT n.customer_id) FILTER (WHERE n.short > 0) AS customers
    FROM marts.need n JOIN item i ON i.product_id = n.product_id WHERE n.is_near
),
campaign AS (
    SELECT count(DISTINCT campaign_id) AS living, count(DISTINCT campaign_id) FILTER (WHERE missing > 0) AS conflicts, coalesce(sum(margin_at_stake), 0) AS margin
    FROM marts.campaign_item SEMI JOIN product USING (product_id)
),
old AS (SELECT coalesce(sum(old_value), 0) AS value FROM marts.item_pace SEMI JOIN product USING (product_id))
SELECT n.days_of_orders, CASE WHEN n.days_of_orders >= 28 THEN coalesce(sold.now, 0) / 4 END AS sales_week,
       CASE WHEN n.days_of_orders >= 56 THEN sold.before / 4 END AS sales_week_before,
       CASE WHEN stock.rows > 0 THEN stock.value END AS stock_value, cover.days AS cover_days, risk.money AS at_risk, risk.items AS items_at_risk,
       risk.orders AS orders_waiting, risk.over_10_weeks, risk.at_sales_value, risk.weekly_sales, need.deals, need.short, need.customers,
       campaign.living, campaign.conflicts, campaign.margin, old.value AS old_value
FROM marts.span n, sold, stock, cover, risk, need, campaign, old
