UPDATE landing.cursor SET
    content = content + {changed},
    newest = greatest(newest, (SELECT max(_changed_at) FROM page)),
    page_cursor = CASE WHEN cursor IS NULL AND {ordered} THEN greatest(page_cursor, (SELECT max(_changed_at) FROM page)) END
WHERE source = {source} AND stream = {stream}
