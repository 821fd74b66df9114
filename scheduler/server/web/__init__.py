"""The web application: every room behind one front door, with its limits, its log and its description."""
