-- doc: The open pipeline by product category: a deal's amounts handed out by its lines' values by running sums, so that its parts add up to it; a deal without lines is one part.
-- grain: one row per open opportunity and category (– where it has no lines)
WITH part AS (
    SELECT l.opportunity_id, coalesce(p.category, '–') AS category, sum(l.amount_base) AS amount
    FROM core.opportunity_line l
    LEFT JOIN core.product p ON p.product_id = l.product_id
    WHERE l.amount_base > 0
    GROUP BY l.opportunity_id, coalesce(p.category, '–')
),
running AS (
    SELECT opportunity_id, category, amount,
           sum(amount) OVER (PARTITION BY opportunity_id ORDER BY category ROWS UNBOUNDED PRECEDING) AS up_to,
           sum(amount) OVER (PARTITION BY opportunity_id) AS whole
    FROM part
),
spread AS (
    SELECT d.opportunity_id, coalesce(r.category, '–') AS category, d.customer_id, d.owner AS deal_owner, d.stage, d.probability,
           d.expected_close, d.close_week, d.amount_base, d.weighted_base, c.digits,
           CAST(coalesce(r.up_to, 1) AS DECIMAL(18,6)) AS up_to, CAST(coalesce(r.amount, 1) AS DECIMAL(18,6)) AS amount,
           CAST(coalesce(r.whole, 1) AS DECIMAL(18,6)) AS whole
    FROM marts.open_deal d
    CROSS JOIN core.company c
    LEFT JOIN running r ON r.opportunity_id = d.opportunity_id
)
SELECT s.opportunity_id, s.category, s.customer_id, coalesce(k.region, '–') AS region, coalesce(k.owner, '–') AS owner,
       coalesce(k.segment, '–') AS segment, s.deal_owner, s.stage, s.probability, s.expected_close, s.close_week,
       money(share(s.amount_base, s.up_to, s.whole, s.digits) - share(s.amount_base, s.up_to - s.amount, s.whole, s.digits)) AS amount_base,
       money(share(s.weighted_base, s.up_to, s.whole, s.digits) - share(s.weighted_base, s.up_to - s.amount, s.whole, s.digits)) AS weighted_base
FROM spread s
LEFT JOIN core.customer k ON k.customer_id = s.customer_id
