UPDATE finding f SET first_seen = o.first_seen FROM build.staging_finding o
WHERE o.entity = {entity} AND o.source = f.source AND o.reason = f.reason AND o.source_id = f.source_id;
DELETE FROM build.staging_finding WHERE entity = {entity} AND kind <> 'unknown';
INSERT INTO build.staging_finding FROM finding
