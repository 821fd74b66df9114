"""Problem → Roster: the model of one unit, its lexicographic passes, and the units side by side."""
