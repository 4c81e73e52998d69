SELECT seq, hash FROM event WHERE case_id = $1
