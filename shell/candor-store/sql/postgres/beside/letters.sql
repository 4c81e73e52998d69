-- A page of the outbox, after this one.
SELECT program, case_id, key, effect_sealed, state, not_before FROM outbox
WHERE key > $1 ORDER BY key LIMIT $2
