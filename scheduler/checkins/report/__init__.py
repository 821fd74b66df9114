"""What people and programs get: checkins.csv, checkins.xlsx, checkins.html, unmatched.csv, aliases.csv and .xlsx, sources.csv."""
