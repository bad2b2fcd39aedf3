-- doc: What the company set out to change, month by month: sales, operating cost (where the books have it), delivery, service. is_full: the month is over and orders reach back to its first days.
-- grain: one row per calendar month since the first order
WITH month AS (
    SELECT CAST(m.month AS DATE) AS month, m.month + INTERVAL 3 DAY >= s.first_order_date AND last_day(m.month) < s.today AS is_full
    FROM marts.span s, unnest(generate_series(date_trunc('month', s.first_order_date), date_trunc('month', s.today), INTERVAL 1 MONTH)) m(month)
),
sales AS (
    SELECT date_trunc('month', day) AS month, sum(revenue_base) AS revenue, sum(booked_base) AS booked FROM marts.sales_day GROUP BY 1
),
cost AS (
    SELECT date_trunc('month', period_start) AS month, sum(amount_base) AS operating FROM core.cost_entry WHERE kind = 'operating' GROUP BY 1
),
delivery AS (
    SELECT date_trunc('month', d.day) AS month, sum(d.lines_due) AS due, sum(d.lines_on_time) AS on_time
    FROM marts.delivery_day d JOIN core.company c ON d.day < c.today GROUP BY 1
),
service AS (
    SELECT date_trunc('month', day) AS month, sum(replies) AS replies, sum(score) AS score, sum(opened) AS opened FROM marts.service_day GROUP BY 1
),
ordered AS (SELECT date_trunc('month', day) AS month, sum(orders) AS orders FROM marts.order_day GROUP BY 1)
SELECT m.month, m.is_full, coalesce(s.revenue, 0) AS revenue_base, coalesce(s.booked, 0) AS booked_base, c.operating AS operating_base,
       CAST(coalesce(d.due, 0) AS BIGINT) AS lines_due, CAST(coalesce(d.on_time, 0) AS BIGINT) AS lines_on_time,
       CAST(coalesce(v.replies, 0) AS BIGINT) AS replies, CAST(coalesce(v.score, 0) AS BIGINT) AS score,
       CAST(coalesce(v.opened, 0) AS BIGINT) AS tickets, CAST(coalesce(o.orders, 0) AS BIGINT) AS orders
FROM month m
LEFT JOIN sales s ON s.month = m.month
LEFT JOIN cost c ON c.month = m.month
LEFT JOIN delivery d ON d.month = m.month
LEFT JOIN service v ON v.month = m.month
LEFT JOIN ordered o ON o.month = m.month
