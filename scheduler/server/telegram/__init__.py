"""Telegram: its updates taken as evidence, its accounts linked to people, and what the bot replies."""
