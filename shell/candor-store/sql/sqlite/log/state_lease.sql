-- A lease that ends ten minutes later than one taken now was taken before the clock was set back.
UPDATE log_state SET lease_until = ?3
WHERE only_row = 1 AND slot < ?1 AND (lease_until <= ?2 OR lease_until > ?3 + 600)
