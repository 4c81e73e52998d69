-- Mail that is no case by itself: forged, automatic, bulk, or not clear. A person decides.
CREATE TABLE held_mail (
    program text COLLATE "C" NOT NULL REFERENCES program (slug), -- public
    mail_id bytea NOT NULL CHECK (octet_length(mail_id) = 16), -- case
    received bigint NOT NULL, -- case
    settled bigint, -- case
    head_sealed bytea NOT NULL, -- secret
    mail_sealed bytea NOT NULL, -- secret
    PRIMARY KEY (program, mail_id)
);

CREATE INDEX held_mail_waiting ON held_mail (program, received) WHERE settled IS NULL;
