"""One file a level, oldest first by its number."""
