UPDATE program SET key_sealed = ?2 WHERE slug = ?1
