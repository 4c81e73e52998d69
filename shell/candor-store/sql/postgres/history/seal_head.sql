UPDATE cases SET head_mac = $2 WHERE case_id = $1
