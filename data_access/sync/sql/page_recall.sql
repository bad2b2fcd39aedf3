-- Into `seen`: what of the page's keys this pass has landed already, in a table that was empty when it began.
INSERT INTO seen SELECT l._key, l._changed_at, l._hash FROM {table} l SEMI JOIN page p ON l._key = p._key
WHERE NOT EXISTS (FROM seen e WHERE e._key = l._key AND e._hash IS NOT NULL)
