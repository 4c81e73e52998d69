-- A case that was erased and whose words are yet to leave the bytes of the index.
SELECT EXISTS (SELECT 1 FROM search_case WHERE seq < 0)
