SELECT key_sealed FROM program WHERE slug = $1
