"""Invented scenarios and evidence of any size, by seed."""
