"""What `giliran publish` does: an output folder read, and its revision stored whole or not at all."""
