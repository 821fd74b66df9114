"""Whole rows: everybody's lawful rows priced at once, and a master programme that couples them (column generation)."""
