"""The board for unit heads and monitors: pages behind a login, every one of them through `gate.py`."""
