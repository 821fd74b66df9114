"""What people and programs get: checkins.csv, checkins.xlsx, checkins.html, unmatched.csv, aliases.csv, sources.csv."""
