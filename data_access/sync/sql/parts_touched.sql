-- Parts whose input rows are not those the model was last made from.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT coalesce(n.part, o.part) AS part
FROM part_now n
FULL JOIN (SELECT * FROM build.part WHERE model = {model}) o ON o.input = n.input AND o.part = n.part
WHERE n.hash IS DISTINCT FROM o.hash;
