-- The key and the birthday of a program that exists stay as they are.
INSERT INTO program (slug, name, policy, created, key_sealed)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (slug) DO UPDATE SET name = excluded.name, policy = excluded.policy
