-- An advisory may change; the day it first appeared and its case may not.
INSERT INTO publication (program, id, case_id, published, updated, advisory, csaf, csaf_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (program, id) DO UPDATE SET
    updated = excluded.updated, advisory = excluded.advisory,
    csaf = excluded.csaf, csaf_name = excluded.csaf_name
WHERE publication.case_id = excluded.case_id
