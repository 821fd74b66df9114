"""What came in, as evidence for `scheduler.checkins`; once a period is judged, where people were is forgotten."""
