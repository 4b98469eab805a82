"""Volunteers: activities, joining them, check-in and check-out, and approval."""
