"""The server: calendar feeds and the phone's check-in page, on SQLite or PostgreSQL."""
