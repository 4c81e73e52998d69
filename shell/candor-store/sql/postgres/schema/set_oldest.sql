UPDATE schema_version SET oldest = $2 WHERE version = $1
