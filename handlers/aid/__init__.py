"""Mutual aid: neighbours ask for help and offer it, and learn of each other once both agree."""
