SELECT program, case_id FROM cases WHERE wake IS NOT NULL AND wake <= $1 ORDER BY wake LIMIT $2
