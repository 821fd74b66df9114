"""The parts of a staff list: headers, headings, rows, people."""
