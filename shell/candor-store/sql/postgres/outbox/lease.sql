-- A lease that ends ten minutes later than one taken now was taken before the clock was set back.
UPDATE outbox SET lease_until = $2::bigint, fence = fence + 1, tries = tries + 1
WHERE key IN (
    SELECT key FROM outbox
    WHERE state = 'waiting' AND not_before <= $1 AND (lease_until <= $1 OR lease_until > $2::bigint + 600)
    ORDER BY not_before, key LIMIT $3
    FOR UPDATE SKIP LOCKED
)
RETURNING key, program, case_id, effect_sealed, tries - 1, fence, not_before
