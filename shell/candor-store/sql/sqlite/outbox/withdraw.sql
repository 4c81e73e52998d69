-- The fence moves on, so that whoever has it lent settles nothing.
UPDATE outbox SET state = 'dead', code = 'erased', lease_until = 0, fence = fence + 1 WHERE key = ?1
