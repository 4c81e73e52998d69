SELECT slug, name, policy, created FROM program ORDER BY slug
