-- Destroys the key of a case that stands at this head; its tombstone takes the place.
UPDATE cases
SET key_sealed = NULL, row_sealed = ?5, wake = NULL, erased_sealed = ?6, head_mac = ?7
WHERE program = ?1 AND case_id = ?2 AND head_seq = ?3 AND head_hash = ?4
    AND key_sealed IS NOT NULL
