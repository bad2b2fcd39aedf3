-- doc: The headline figures of the deals: the open pipeline now, what was won and lost in the period and in the same days of the year before, overdue steps, and won deals that became an order.
-- grain: one row
WITH deal AS (
    SELECT d.*, c.today FROM marts.deal d CROSS JOIN core.company c
    WHERE ($region IS NULL OR list_contains($region, d.region)) AND ($owner IS NULL OR list_contains($owner, d.owner))
        AND ($segment IS NULL OR list_contains($segment, d.segment))
),
standing AS (
    SELECT count(*) AS open_deals, coalesce(sum(weighted_base), 0) AS weighted, coalesce(sum(amount_base), 0) AS open_amount,
           bool_or(probability_from = 'history') AS from_history, count(*) FILTER (WHERE amount_base IS NULL) AS unpriced_deals,
           count(*) FILTER (WHERE expected_close IS NULL) AS undated_deals, count(overdue_since) AS overdue_deals,
           coalesce(sum(amount_base) FILTER (WHERE overdue_since IS NOT NULL), 0) AS overdue_amount, max(today - overdue_since) AS overdue_days
    FROM deal WHERE is_open
),
closed AS (
    SELECT d.*, d.closed_date BETWEEN $since AND $until AS is_now,
           d.closed_date BETWEEN CAST($since AS DATE) - INTERVAL 1 YEAR AND CAST($until AS DATE) - INTERVAL 1 YEAR AS is_before
    FROM deal d WHERE NOT d.is_open
),
result AS (
    SELECT count(*) FILTER (WHERE is_now AND stage = 'won') AS won, count(*) FILTER (WHERE is_now) AS closed,
           count(*) FILTER (WHERE is_before AND stage = 'won') AS won_before, count(*) FILTER (WHERE is_before) AS closed_before,
           median(closed_date - created_date) FILTER (WHERE is_now AND stage = 'won') AS days_to_win,
           median(closed_date - created_date) FILTER (WHERE is_before AND stage = 'won') AS days_to_win_before,
           coalesce(sum(amount_base) FILTER (WHERE is_now AND stage = 'won'), 0) AS won_amount
    FROM closed
),
ordered AS (
    SELECT count(*) FILTER (WHERE orders > 0) AS won_ordered FROM marts.order_to_cash o
    WHERE o.stage = 'won' AND o.day BETWEEN $since AND $until AND ($region IS NULL OR list_contains($region, o.region))
        AND ($owner IS NULL OR list_contains($owner, o.owner)) AND ($segment IS NULL OR list_contains($segment, o.segment))
)
SELECT s.*, r.*, o.won_ordered FROM standing s CROSS JOIN result r CROSS JOIN ordered o
