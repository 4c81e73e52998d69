-- The same key of the same case is the same act, however often it is asked for.
INSERT INTO outbox (key, program, case_id, effect_sealed, state, not_before, lease_until, fence, tries)
VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, 0)
ON CONFLICT (key) DO NOTHING
