-- The fence moves on, so that the same lease settles only once.
UPDATE outbox SET state = $3, not_before = coalesce($4, not_before), code = $5, lease_until = 0, fence = fence + 1
WHERE key = $1 AND fence = $2 AND state = 'waiting'
