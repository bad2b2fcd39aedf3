DELETE FROM landing.source_column WHERE source = {source} AND entity IN (SELECT entity FROM live_column);
INSERT INTO landing.source_column SELECT {source}, entity, "column", type, {now} FROM live_column
