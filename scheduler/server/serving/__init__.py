"""Processes that listen: one or several on an open socket, started, watched and ended gracefully."""
