-- A mark that grows with every change of a case within its program, so that lists are kept in
-- memory and only what changed since is read again. It is given here and not by the statements,
-- so that none can forget it. All writes take turns, and the next begins after the one before
-- it can be seen: who sees a mark sees every lower one.

ALTER TABLE cases ADD COLUMN changed INTEGER NOT NULL DEFAULT 0; -- case

UPDATE cases SET changed = rowid;

CREATE UNIQUE INDEX cases_changed ON cases (program, changed);

-- A case that is copied from elsewhere comes with its mark.
CREATE TRIGGER cases_inserted AFTER INSERT ON cases WHEN NEW.changed = 0 BEGIN
    UPDATE cases
    SET changed = (SELECT max(changed) + 1 FROM cases WHERE program = NEW.program)
    WHERE case_id = NEW.case_id;
END;

CREATE TRIGGER cases_moved AFTER UPDATE OF key_sealed, head_seq, row_sealed ON cases BEGIN
    UPDATE cases
    SET changed = (SELECT max(changed) + 1 FROM cases WHERE program = NEW.program)
    WHERE case_id = NEW.case_id;
END;
