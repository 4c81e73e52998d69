SELECT value_sealed FROM setting WHERE key = $1
