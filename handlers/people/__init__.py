"""People: who somebody is and whether they want notices."""
