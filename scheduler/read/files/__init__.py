"""Opening files that others made: workbooks and text tables as grids of cells."""
