-- Mail that is no case by itself: forged, automatic, bulk, or not clear. A person decides.
CREATE TABLE held_mail (
    program TEXT NOT NULL REFERENCES program (slug), -- public
    mail_id BLOB NOT NULL CHECK (length(mail_id) = 16), -- case
    received INTEGER NOT NULL, -- case
    settled INTEGER, -- case
    head_sealed BLOB NOT NULL, -- secret
    mail_sealed BLOB NOT NULL, -- secret
    PRIMARY KEY (program, mail_id)
) STRICT;

CREATE INDEX held_mail_waiting ON held_mail (program, received) WHERE settled IS NULL;
