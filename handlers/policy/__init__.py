"""Policy: what the document says, word for word, and who is responsible."""
