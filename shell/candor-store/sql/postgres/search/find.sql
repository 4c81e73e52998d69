-- Tokens with OR between them, which here is a bar.
SELECT p.case_id, p.place FROM search_token t JOIN search_part p ON p.part = t.part
WHERE t.tokens @@ replace($1::text, ' OR ', ' | ')::tsquery
