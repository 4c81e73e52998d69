-- What is left of a case that was erased: its tombstone, sealed. With it the key is gone.
ALTER TABLE cases ADD COLUMN erased_sealed BLOB; -- secret

-- The words of an erased case leave the index in the same transaction, and their bytes soon
-- after, in small steps (program). Until then a line with a number below zero says so. Writing
-- the whole index anew at once kept every other write waiting.
DROP TRIGGER cases_erased;

CREATE TRIGGER cases_erased AFTER UPDATE OF key_sealed ON cases WHEN NEW.key_sealed IS NULL BEGIN
    DELETE FROM search_token
    WHERE rowid IN (SELECT part FROM search_part WHERE case_id = NEW.case_id);
    DELETE FROM search_part WHERE case_id = NEW.case_id;
    INSERT OR REPLACE INTO search_case (case_id, seq) VALUES (NEW.case_id, -1);
END;
