"""Why a unit has no roster, and the cheapest ways out."""
