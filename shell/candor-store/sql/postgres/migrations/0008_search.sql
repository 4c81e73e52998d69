-- What cases are found by: keyed hashes of words, never a word. A case has a part for each place
-- of each commit that brought words, so that nothing has to be opened to add some. Copies leave
-- it out: it is made anew from the cases. With the key of a case its parts are destroyed,
-- whoever destroys it.

-- Up to which event a case is found by its words.
CREATE TABLE search_case (
    case_id bytea PRIMARY KEY, -- case
    seq bigint NOT NULL -- case
);

-- A place is counted from the best, 0.
CREATE TABLE search_part (
    part bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- case
    case_id bytea NOT NULL, -- case
    place bigint NOT NULL -- case
);

CREATE INDEX search_part_case ON search_part (case_id);

CREATE TABLE search_token (
    part bigint PRIMARY KEY REFERENCES search_part (part) ON DELETE CASCADE, -- case
    tokens tsvector NOT NULL -- secret
);

CREATE INDEX search_token_tokens ON search_token USING gin (tokens);

CREATE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql SET search_path = candor AS $$
BEGIN
    DELETE FROM search_part WHERE case_id = NEW.case_id;
    DELETE FROM search_case WHERE case_id = NEW.case_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER cases_erased AFTER UPDATE OF key_sealed ON cases
FOR EACH ROW WHEN (NEW.key_sealed IS NULL) EXECUTE FUNCTION forget_words();
