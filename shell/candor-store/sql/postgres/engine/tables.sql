-- Every table that holds rows of its own.
SELECT relname::text FROM pg_class
WHERE relnamespace = to_regnamespace('candor') AND relkind = 'r'
ORDER BY relname::text COLLATE "C"
