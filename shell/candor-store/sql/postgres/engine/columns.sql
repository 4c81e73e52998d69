-- The columns of a table that are stored, with their place in its primary key (-1: none),
-- whether they are texts, and whether the database counts them by itself.
SELECT
    a.attname::text,
    coalesce(array_position(i.indkey::int2[], a.attnum), -1)::bigint,
    a.atttypid = 'text'::regtype,
    a.attidentity <> ''
FROM pg_attribute a
LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
WHERE a.attrelid = to_regclass('candor.' || $1::text)
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attname::text COLLATE "C"
