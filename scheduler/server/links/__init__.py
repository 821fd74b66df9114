"""Addresses that nobody can guess: made, found again by their digest, and printed for people."""
