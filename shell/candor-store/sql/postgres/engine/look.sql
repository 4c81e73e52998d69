-- What kind of database this is, before anything of ours is touched.
SELECT
    current_setting('server_version_num')::bigint,
    current_setting('server_encoding'),
    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',
    to_regclass('candor.schema_version') IS NOT NULL
        AND to_regclass('candor.instance') IS NOT NULL,
    to_regnamespace('candor') IS NOT NULL
        AND EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('candor')),
    to_regclass('candor.unfinished_copy') IS NOT NULL
