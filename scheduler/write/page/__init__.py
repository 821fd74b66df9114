"""The parts of `roster.html`."""
