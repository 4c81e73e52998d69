DELETE FROM counter WHERE key IN (SELECT key FROM counter ORDER BY until, key LIMIT ?1)
