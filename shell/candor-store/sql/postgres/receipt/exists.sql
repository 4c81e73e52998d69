SELECT EXISTS (SELECT 1 FROM receipt WHERE code_hash = $1)
