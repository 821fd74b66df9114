"""The database: its tables, opening it and bringing it to its level, and what tells every process that it changed."""
