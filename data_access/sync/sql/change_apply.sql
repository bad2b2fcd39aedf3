-- The rows of {table} under {where} become those of new_row: what is there already stays, copies of a row are counted.
CREATE OR REPLACE TEMP TABLE old_mark AS
SELECT rowid AS place, hash(t) AS row_hash, row_number() OVER (PARTITION BY hash(t)) AS copy FROM {table} t WHERE {where};
CREATE OR REPLACE TEMP TABLE new_mark AS
SELECT rowid AS place, hash(t) AS row_hash, row_number() OVER (PARTITION BY hash(t)) AS copy FROM new_row t;
CREATE OR REPLACE TABLE {gone} AS
SELECT * FROM {table} WHERE rowid IN (SELECT place FROM old_mark o ANTI JOIN new_mark n USING (row_hash, copy));
CREATE OR REPLACE TABLE {came} AS
SELECT * FROM new_row WHERE rowid IN (SELECT place FROM new_mark n ANTI JOIN old_mark o USING (row_hash, copy));
DELETE FROM {table} WHERE rowid IN (SELECT place FROM old_mark o ANTI JOIN new_mark n USING (row_hash, copy));
INSERT INTO {table} FROM {came}
