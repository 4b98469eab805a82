"""The outside world: channels, router, delivery, timetable, command line and web."""
