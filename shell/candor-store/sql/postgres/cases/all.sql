-- Events count as a case of their own when their case row was taken away: verify must see them.
SELECT program, case_id FROM cases UNION SELECT program, case_id FROM event
