-- Every row counts as seen, one without a key by its payload; only the winner of a key keeps its hash there.
UPDATE seen SET _hash = NULL WHERE _key IN (SELECT _key FROM verdict WHERE _verdict = 'replacement');
INSERT INTO seen SELECT coalesce(_key, '?' || left(md5(_payload), 12), ''), _changed_at,
    CASE WHEN _verdict NOT IN ('rejected', 'duplicate') THEN _hash END
FROM verdict
