"""Living with a published roster: its next revision, hand-edited workbooks, lawful swaps, and its history."""
