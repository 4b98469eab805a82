"""Meetings: calling a consultation meeting, answering the call, and being reminded of it."""
