SELECT key, value_sealed FROM setting ORDER BY key
