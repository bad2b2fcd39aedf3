UPDATE landing.cursor SET cursor = {until}, page_cursor = NULL, checked_at = {now},
    state = {state}, newest = greatest(newest, {newest}), swept_at = CASE WHEN {swept} THEN {now} ELSE swept_at END
WHERE source = {source} AND stream = {stream}
