SELECT slug, key_sealed FROM program ORDER BY slug
