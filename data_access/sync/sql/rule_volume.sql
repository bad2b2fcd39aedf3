WITH counted AS (
    SELECT ({column})::DATE AS day, count(*) AS rows FROM {table}
    WHERE {where} AND ({column})::DATE < (SELECT today FROM staging.company) GROUP BY 1
),
series AS (
    SELECT d.day, coalesce(n.rows, 0) AS rows
    FROM (
        SELECT unnest(generate_series(greatest(min(n.day), c.today - {history} - {days}), c.today - 1, INTERVAL 1 DAY))::DATE AS day
        FROM counted n CROSS JOIN (SELECT today FROM staging.company) c GROUP BY c.today
    ) d
    LEFT JOIN counted n ON n.day = d.day
),
usual AS (
    SELECT s.day, s.rows, count(*) AS points, median(b.rows) AS middle, mad(b.rows) AS spread
    FROM series s
    JOIN series b ON b.day < s.day AND b.day >= s.day - {history} AND dayofweek(b.day) = dayofweek(s.day)
    WHERE s.day >= (SELECT today FROM staging.company) - {days}
    GROUP BY s.day, s.rows
),
judged AS (
    SELECT day::VARCHAR AS id, rows || ' rows where ' || round(middle)::BIGINT || ' are usual' AS why,
        0.6745 * abs(rows - middle) > 3.5 * spread AND abs(rows - middle) > 0.2 * middle AND abs(rows - middle) > 20 AS strange
    FROM usual WHERE points >= {points}
)
SELECT id, why FROM judged WHERE strange
