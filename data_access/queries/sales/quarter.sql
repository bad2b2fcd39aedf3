-- doc: This quarter day by day: orders booked so far, then with the open deals that should close by then, each at its weight, with 80 % of outcomes (deals taken as independent), and the plan for booked orders, spread over the days of each month.
-- grain: one row per day of the quarter
WITH booked AS (
    SELECT s.day, sum(s.booked_base) AS booked FROM marts.sale s JOIN marts.quarter q ON s.day BETWEEN q.first_day AND q.today
    WHERE s.event = 'booked' AND ($region IS NULL OR list_contains($region, s.region)) AND ($owner IS NULL OR list_contains($owner, s.owner))
        AND ($segment IS NULL OR list_contains($segment, s.segment))
    GROUP BY s.day
),
deal AS (
    SELECT greatest(d.expected_close, q.today) AS day, sum(d.weighted_base) AS weighted, sum(d.amount_base) AS amount,
           sum(pow(CAST(d.amount_base AS DOUBLE), 2) * CAST(d.probability * (1 - d.probability) AS DOUBLE)) AS variance
    FROM marts.deal d JOIN marts.quarter q ON d.is_open AND d.expected_close <= q.last_day
    WHERE ($region IS NULL OR list_contains($region, d.region)) AND ($owner IS NULL OR list_contains($owner, d.owner))
        AND ($segment IS NULL OR list_contains($segment, d.segment))
    GROUP BY 1
),
running AS (
    SELECT CAST(g.day AS DATE) AS day, q.today, sum(coalesce(b.booked, 0)) OVER so_far AS booked, sum(coalesce(d.weighted, 0)) OVER so_far AS weighted,
           sum(coalesce(d.amount, 0)) OVER so_far AS amount, sqrt(sum(coalesce(d.variance, 0)) OVER so_far) AS spread,
           CASE WHEN $region IS NULL AND $owner IS NULL AND $segment IS NULL AND q.plan IS NOT NULL
                THEN sum(t.value / day(last_day(g.day))) OVER so_far END AS plan
    FROM marts.quarter q
    CROSS JOIN generate_series(q.first_day, q.last_day, INTERVAL 1 DAY) g(day)
    LEFT JOIN booked b ON b.day = g.day
    LEFT JOIN deal d ON d.day = g.day
    LEFT JOIN core.target t ON t.metric = q.plan_metric AND t.period_start = date_trunc('month', g.day)
    WINDOW so_far AS (ORDER BY g.day)
)
SELECT day, CASE WHEN day <= today THEN booked END AS booked_to_date, CASE WHEN day >= today THEN booked + weighted END AS likely,
       CASE WHEN day >= today THEN greatest(CAST(booked AS DOUBLE), CAST(booked + weighted AS DOUBLE) - 1.2816 * spread) END AS likely_lo80,
       CASE WHEN day >= today THEN least(CAST(booked + amount AS DOUBLE), CAST(booked + weighted AS DOUBLE) + 1.2816 * spread) END AS likely_hi80,
       plan AS plan_to_date
FROM running
ORDER BY day
