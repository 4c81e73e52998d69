-- Tokens with OR between them.
SELECT p.case_id, p.place FROM search_token t JOIN search_part p ON p.part = t.rowid
WHERE search_token MATCH ?1
