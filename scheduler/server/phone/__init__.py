"""The check-in page: what it shows, what a phone may send, and how that is stored before it is answered."""
