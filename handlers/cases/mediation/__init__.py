"""Mediation (人民调解): a case with two parties, whom one person brings together; nobody hears what the other told."""
