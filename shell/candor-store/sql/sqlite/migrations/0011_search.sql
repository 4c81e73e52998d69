-- What cases are found by: keyed hashes of words, never a word. A case has a part for each place
-- of each commit that brought words, so that nothing has to be opened to add some. Copies leave
-- it out: it is made anew from the cases. With the key of a case its parts are destroyed,
-- whoever destroys it.

-- Up to which event a case is found by its words.
CREATE TABLE search_case (
    case_id BLOB PRIMARY KEY, -- case
    seq INTEGER NOT NULL -- case
) STRICT, WITHOUT ROWID;

-- A place is counted from the best, 0.
CREATE TABLE search_part (
    part INTEGER PRIMARY KEY, -- case
    case_id BLOB NOT NULL, -- case
    place INTEGER NOT NULL -- case
) STRICT;

CREATE INDEX search_part_case ON search_part (case_id);

-- Its row ids are parts. It says which parts hold a token (secret) and keeps no text.
CREATE VIRTUAL TABLE search_token USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

CREATE TRIGGER cases_erased AFTER UPDATE OF key_sealed ON cases WHEN NEW.key_sealed IS NULL BEGIN
    DELETE FROM search_token
    WHERE rowid IN (SELECT part FROM search_part WHERE case_id = NEW.case_id);
    DELETE FROM search_part WHERE case_id = NEW.case_id;
    DELETE FROM search_case WHERE case_id = NEW.case_id;
    -- What was removed is only marked as such until the index is written anew.
    INSERT INTO search_token (search_token) VALUES ('optimize');
END;
