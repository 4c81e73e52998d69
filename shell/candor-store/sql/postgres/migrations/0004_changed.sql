-- A mark that grows with every change of a case within its program, so that lists are kept in
-- memory and only what changed since is read again. It is given here and not by the statements,
-- so that none can forget it. All writes take turns, and the next begins after the one before
-- it can be seen: who sees a mark sees every lower one.

ALTER TABLE cases ADD COLUMN changed bigint NOT NULL DEFAULT 0; -- case

UPDATE cases SET changed = numbered.number
FROM (SELECT case_id, row_number() OVER (ORDER BY case_id) AS number FROM cases) AS numbered
WHERE cases.case_id = numbered.case_id;

CREATE UNIQUE INDEX cases_changed ON cases (program, changed);

CREATE FUNCTION mark_change() RETURNS trigger LANGUAGE plpgsql SET search_path = candor AS $$
BEGIN
    NEW.changed := (SELECT coalesce(max(changed), 0) + 1 FROM cases WHERE program = NEW.program);
    RETURN NEW;
END
$$;

-- A case that is copied from elsewhere comes with its mark.
CREATE TRIGGER cases_inserted BEFORE INSERT ON cases
FOR EACH ROW WHEN (NEW.changed = 0) EXECUTE FUNCTION mark_change();

CREATE TRIGGER cases_moved BEFORE UPDATE OF key_sealed, head_seq, row_sealed ON cases
FOR EACH ROW EXECUTE FUNCTION mark_change();
