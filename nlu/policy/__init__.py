"""A policy document as data: read into clauses, searched by question, quoted word for word. No database, no clock."""
