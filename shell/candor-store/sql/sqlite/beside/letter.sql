SELECT program, case_id, key, effect_sealed, state, not_before FROM outbox WHERE key = ?1
