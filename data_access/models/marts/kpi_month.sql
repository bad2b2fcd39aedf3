-- doc: This month so far, the same days of last year, and the plan: its share to today by calendar days. last-year figures are NULL where the data does not reach back that far.
-- grain: one row
WITH period AS (
    SELECT c.today, CAST(date_trunc('month', c.today) AS DATE) AS month_start,
           CAST(date_trunc('month', c.today) - INTERVAL 1 YEAR AS DATE) AS year_ago,
           CAST(day(c.today) AS INTEGER) AS days_in, day(last_day(c.today)) AS days_of_month,
           s.first_order_date, s.first_shipment_date
    FROM core.company c CROSS JOIN marts.span s
),
summed AS (
    SELECT CASE WHEN d.day >= p.month_start THEN 'now' ELSE 'before' END AS part, sum(d.booked_base) AS booked, sum(d.revenue_base) AS revenue,
           sum(d.costed_revenue_base) AS costed_revenue, sum(d.cost_base) AS cost
    FROM marts.sales_day d CROSS JOIN period p
    WHERE d.day BETWEEN p.month_start AND p.today
        OR (d.day >= p.year_ago AND d.day <= last_day(p.year_ago) AND day(d.day) <= p.days_in)
    GROUP BY part
),
plan AS (
    SELECT max(t.value) FILTER (WHERE t.metric = 'revenue') AS revenue, max(t.value) FILTER (WHERE t.metric = 'booked') AS booked,
           max(t.value) FILTER (WHERE t.metric = 'gross_margin') AS gross_margin, max(t.value) FILTER (WHERE t.metric = 'on_time') AS on_time
    FROM core.target t JOIN period p ON t.period_start = p.month_start
),
-- The three months after this one: what the pipeline has to feed.
ahead AS (
    SELECT CASE WHEN count(*) = 3 THEN sum(value) END AS revenue
    FROM (SELECT t.period_start, coalesce(max(t.value) FILTER (WHERE t.metric = 'booked'), max(t.value) FILTER (WHERE t.metric = 'revenue')) AS value
          FROM core.target t JOIN period p ON t.period_start > p.month_start AND t.period_start <= p.month_start + INTERVAL 3 MONTH
          WHERE t.metric IN ('booked', 'revenue') GROUP BY t.period_start)
)
SELECT p.today, p.month_start, coalesce(n.booked, 0) AS booked, coalesce(n.revenue, 0) AS revenue, coalesce(n.costed_revenue, 0) AS costed_revenue,
       coalesce(n.cost, 0) AS cost,
       CASE WHEN p.first_order_date <= p.year_ago THEN coalesce(b.booked, 0) END AS booked_last_year,
       CASE WHEN p.first_shipment_date <= p.year_ago THEN coalesce(b.revenue, 0) END AS revenue_last_year,
       CASE WHEN p.first_shipment_date <= p.year_ago AND b.costed_revenue > 0
            THEN CAST(b.costed_revenue - b.cost AS DOUBLE) / CAST(b.costed_revenue AS DOUBLE) END AS gross_margin_last_year,
       x.revenue AS revenue_plan, money(share(x.revenue, p.days_in, p.days_of_month, 4)) AS revenue_plan_to_date,
       CASE WHEN x.gross_margin > 1 THEN x.gross_margin / 100 ELSE x.gross_margin END AS gross_margin_plan,
       CASE WHEN x.on_time > 1 THEN x.on_time / 100 ELSE x.on_time END AS on_time_plan, a.revenue AS plan_ahead
FROM period p
CROSS JOIN plan x
CROSS JOIN ahead a
LEFT JOIN summed n ON n.part = 'now'
LEFT JOIN summed b ON b.part = 'before'
