"""People: who somebody is, which accounts and roles are theirs, and what becomes of the data held on them."""
