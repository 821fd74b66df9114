"""Everything that leaves the program as a file: tables, workbooks, pages, calendars, certificates."""
