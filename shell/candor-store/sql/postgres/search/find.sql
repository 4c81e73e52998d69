-- Tokens with OR between them, which here is a bar. Each part is looked up by its number: the
-- planner does not know how rare a word is, and read all parts for each search.
SELECT p.case_id, p.place FROM search_token t
CROSS JOIN LATERAL (
    SELECT s.case_id, s.place FROM search_part s WHERE s.part = t.part OFFSET 0
) p
WHERE t.tokens @@ replace($1::text, ' OR ', ' | ')::tsquery
