"""What the engine and the writers are measured by: instances from a seed, peers, an independent scorer, results kept."""
