SELECT seq, sealed, hash FROM event WHERE program = $1 AND case_id = $2 ORDER BY seq
