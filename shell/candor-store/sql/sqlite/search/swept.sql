DELETE FROM search_case WHERE seq < 0
