SELECT coalesce(max(coalesce(oldest, version)), 0) FROM schema_version
