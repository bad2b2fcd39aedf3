-- doc: What fits the words or the number typed: the whole of it first, then its beginning, a word's beginning, any place; customers by revenue, items by sales, orders by date. At most twelve, six of a kind.
-- grain: one row per customer, item or order found
WITH asked AS MATERIALIZED (SELECT name_words($search) AS words, coalesce(norm_tax($search), '') AS code),
found AS (
    SELECT e.kind, e.id, e.title, e.detail, e.weight, e.title_words, ' ' || e.words AS words, ' ' || e.codes || ' ' AS codes,
           a.words AS asked_words, a.code AS asked_code
    FROM marts.search_entry e CROSS JOIN asked a
    WHERE (a.words <> '' AND has_words(e.words, a.words)) OR (length(a.code) > 2 AND contains(e.codes, a.code))
),
placed AS (
    SELECT kind, id, title, detail, weight, list_position(['customer', 'item', 'order'], kind) AS kind_no,
           CASE WHEN title_words = asked_words OR contains(codes, ' ' || asked_code || ' ') THEN 0
                WHEN starts_with(title_words, asked_words) OR contains(codes, ' ' || asked_code) THEN 1
                WHEN contains(words, ' ' || asked_words) THEN 2 ELSE 3 END AS place
    FROM found
)
SELECT kind, id, title, detail
FROM placed
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY place, weight DESC, id) <= 6
ORDER BY place, kind_no, weight DESC, id
LIMIT 12
