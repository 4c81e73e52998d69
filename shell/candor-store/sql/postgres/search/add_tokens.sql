-- The tokens are taken as they are: no parser, no dictionary.
INSERT INTO search_token (part, tokens)
VALUES ($1, array_to_tsvector(string_to_array($2::text, ' ')))
