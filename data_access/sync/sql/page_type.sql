-- One page as the driver gave it -> canonical types, key and hash, and what is wrong with a row.
CREATE OR REPLACE TEMP TABLE page AS
WITH raw AS (SELECT s AS _row, {place} AS _place, {changed_at} AS _changed_at, {casts} FROM arrow_page s),
typed AS (SELECT _row, _place, _changed_at, {values} FROM raw),
told AS (SELECT *, CASE WHEN {wrong} THEN concat_ws('; ', {problems}) END AS _reason FROM typed)
SELECT * EXCLUDE (_row), {key} AS _key, hash({columns}) AS _hash, CASE WHEN {soft_delete} THEN {now} END AS _gone_at,
    CASE WHEN _reason IS NOT NULL THEN left(translate(to_json(_row)::VARCHAR, {marks}, ''), 4000) END AS _payload
FROM told
