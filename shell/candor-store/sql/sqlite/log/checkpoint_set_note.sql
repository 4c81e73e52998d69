UPDATE log_checkpoint SET note = ?3 WHERE size = ?1 AND note = ?2
