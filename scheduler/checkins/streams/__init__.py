"""Bytes to lines, rows and JSON objects: in constant memory, each with its line, whatever the file holds."""
