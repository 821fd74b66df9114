"""The parts of a calendar file: events, names, reminders, zones."""
