-- Cases that are not simply there with their key: whether there is a key, and the tombstone.
SELECT program, case_id, CAST(CASE WHEN key_sealed IS NULL THEN 0 ELSE 1 END AS bigint), erased_sealed
FROM cases WHERE key_sealed IS NULL OR erased_sealed IS NOT NULL
