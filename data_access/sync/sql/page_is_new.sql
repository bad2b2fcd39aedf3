-- Whether every row of `page` is right, live, alone with its key, and not landed yet.
SELECT count(*) = count(DISTINCT _key) AND count(_reason) = 0 AND count(_gone_at) = 0
    AND NOT EXISTS (FROM {table} l SEMI JOIN page p ON l._key = p._key)
FROM page
