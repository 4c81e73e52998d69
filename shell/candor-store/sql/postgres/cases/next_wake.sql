SELECT min(wake) FROM cases WHERE wake IS NOT NULL
