"""Calendars as programs subscribe to them: one feed of several periods, and those answered last."""
