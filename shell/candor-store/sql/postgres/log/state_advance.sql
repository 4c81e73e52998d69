UPDATE log_state SET size = $2, slot = $3, origin = $4, lease_until = 0
WHERE only_row = 1 AND size = $1
