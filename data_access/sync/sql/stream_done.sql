UPDATE landing.cursor SET cursor = {until}, page_cursor = NULL, resume = NULL, checked_at = {now},
    full_at = CASE WHEN {whole} THEN {now} ELSE full_at END, state = {state}, newest = greatest(newest, {newest}),
    swept_at = CASE WHEN {swept} THEN {now} ELSE swept_at END
WHERE source = {source} AND stream = {stream}
