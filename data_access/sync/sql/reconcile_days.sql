-- Rows and sum a day, in the source and here, at the same bound. Tombstones of rows the source still shows as deleted keep
-- their change instant; those of rows that are gone have none.
CREATE OR REPLACE TEMP TABLE own_row AS
SELECT _key, _changed_at, TRY_CAST({day} AS DATE) AS day, round(({amount})::DECIMAL(38,6), {digits}) AS amount,
    _deleted_at IS NOT NULL AS gone
FROM {table}
WHERE (_deleted_at IS NULL OR _changed_at IS NOT NULL OR ({soft_delete})) AND {in_bound};

CREATE OR REPLACE TEMP TABLE day_compare AS
WITH theirs AS (
    SELECT TRY_CAST(day_ AS DATE) AS day, sum(rows_)::BIGINT AS rows, round(sum(TRY_CAST(total_ AS DECIMAL(38,6))), {digits}) AS total
    FROM source_day GROUP BY 1
),
own AS (SELECT day, count(*) AS rows, sum(amount) AS total FROM own_row GROUP BY day)
SELECT coalesce(t.day, o.day) AS day, coalesce(t.rows, 0) AS source_count, coalesce(o.rows, 0) AS warehouse_count,
    t.total AS source_sum, o.total AS warehouse_sum,
    coalesce(t.rows, 0) = coalesce(o.rows, 0) AND coalesce(t.total, 0) = coalesce(o.total, 0) AS agrees
FROM theirs t
FULL JOIN own o ON o.day IS NOT DISTINCT FROM t.day
