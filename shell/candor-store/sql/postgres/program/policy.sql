SELECT policy FROM program WHERE slug = $1
