-- Who of the team opened which case: one row a person, case and clock hour. Rows are
-- only ever added.
CREATE TABLE case_read (
    program TEXT COLLATE "C" NOT NULL, -- public
    case_id BYTEA NOT NULL, -- case
    account_id BYTEA NOT NULL CHECK (octet_length(account_id) = 16), -- case
    hour BIGINT NOT NULL, -- case
    at BIGINT NOT NULL, -- case
    PRIMARY KEY (case_id, account_id, hour),
    FOREIGN KEY (program, case_id) REFERENCES cases (program, case_id)
);

CREATE INDEX case_read_account ON case_read (account_id, at);

CREATE FUNCTION case_read_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who read a case is never changed or removed';
END
$$;

CREATE TRIGGER case_read_stays BEFORE UPDATE OR DELETE ON case_read
FOR EACH ROW EXECUTE FUNCTION case_read_stays();
