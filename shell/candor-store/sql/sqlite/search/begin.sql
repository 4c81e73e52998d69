INSERT INTO search_case (case_id, seq) VALUES (?1, ?2)
ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq
