-- A version is what its digest says: the first copy stays.
INSERT INTO policy (program, digest, text, file, settings_sealed, since, reading, compiler)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (program, digest) DO NOTHING
