"""giliran: from a work-from-home letter to lawful, fair, verified rosters."""
