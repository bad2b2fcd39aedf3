-- doc: What is not a sum of this month: delivery of the last 30 days, stock, pipeline, receivables, service.
-- grain: one row
WITH cost_walk AS (
    SELECT week_no, from_day, to_day, sum(cost) AS cost, sum(sum(cost)) OVER (ORDER BY week_no) AS used
    FROM marts.cost_walk
    GROUP BY week_no, from_day, to_day
),
stock AS (
    SELECT coalesce(sum(value_base), 0) AS value_base, CAST(coalesce(sum(greatest(value_base, 0)), 0) AS DOUBLE) AS positive, count(*) AS rows
    FROM core.stock_on_hand
),
cover AS (
    SELECT CASE WHEN max(used) > 0 AND max(rows) > 0 THEN
               least(coalesce(arg_min(from_day + (positive - (used - cost)) / cost * (to_day - from_day), week_no)
                                  FILTER (WHERE cost > 0 AND used >= positive), 728), 728) END AS days
    FROM cost_walk CROSS JOIN stock
),
delivery AS (
    SELECT sum(d.lines_due) AS due, sum(d.lines_on_time) AS on_time
    FROM marts.delivery_day d JOIN core.company c ON d.day BETWEEN c.today - 30 AND c.today - 1
),
next_due AS (SELECT min(d.day) AS day FROM marts.delivery_day d JOIN core.company c ON d.day >= c.today),
deal AS (
    SELECT count(*) AS open_deals, coalesce(sum(weighted_base), 0) AS weighted, bool_or(probability_from = 'history') AS from_history
    FROM marts.open_deal
),
receivable AS (
    SELECT sum(r.open_base) AS open_base, sum(r.overdue_base) AS overdue_base
    FROM marts.receivable_point r JOIN marts.kpi_day d ON d.day = r.day AND d.is_today
),
service AS (
    SELECT sum(s.replies) AS replies, sum(s.score) AS score, sum(s.opened) AS opened
    FROM marts.service_day s JOIN core.company c ON s.day BETWEEN c.today - 29 AND c.today
),
ordered AS (SELECT sum(o.orders) AS orders FROM marts.order_day o JOIN core.company c ON o.day BETWEEN c.today - 29 AND c.today),
known AS (SELECT count(*) AS tickets FROM core.ticket)
SELECT delivery.due, delivery.on_time, next_due.day AS next_due_date,
       CASE WHEN stock.rows > 0 THEN stock.value_base END AS stock_value, cover.days AS stock_cover_days,
       deal.open_deals, deal.weighted, deal.from_history, receivable.open_base, receivable.overdue_base,
       service.replies, service.score, CASE WHEN known.tickets > 0 THEN coalesce(service.opened, 0) END AS tickets, ordered.orders
FROM delivery, next_due, stock, cover, deal, receivable, service, ordered, known
