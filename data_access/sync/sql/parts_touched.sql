-- Parts of a staging table, by one key, whose rows are not those that were looked at last.
INSERT INTO part_now
SELECT {input}, {key}, {part}, hash(count(*), bit_xor(row_hash), sum(row_hash)) FROM part_row GROUP BY {part};

SELECT coalesce(n.part, o.part) AS part
FROM (SELECT * FROM part_now WHERE input = {input} AND key = {key}) n
FULL JOIN (SELECT * FROM build.part WHERE input = {input} AND key = {key}) o ON o.part = n.part
WHERE n.hash IS DISTINCT FROM o.hash
