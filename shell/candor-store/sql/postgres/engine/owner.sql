-- Whether this user may vacuum the tables. PostgreSQL only warns where it may not.
SELECT CASE WHEN bool_and(pg_has_role(current_user, relowner, 'USAGE')) THEN 'yes' ELSE 'no' END
FROM pg_class WHERE relnamespace = 'candor'::regnamespace AND relkind = 'r'
