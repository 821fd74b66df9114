"""The parts of a workbook: grids, summary, rules, legend, and how they look."""
