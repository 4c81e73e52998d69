-- Of the part that was made by the statement before. The tokens are taken as they are: no
-- parser, no dictionary.
INSERT INTO search_token (part, tokens)
VALUES (lastval(), array_to_tsvector(string_to_array($1::text, ' ')))
