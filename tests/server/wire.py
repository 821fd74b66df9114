"""A wire between a phone and a server that can be cut.

Chromium's own offline mode is set page by page, and a page just loaded, or its service worker, may reach the server
before it takes hold; over a wire that is cut nothing ever passes.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

CHUNK = 1 << 16


class Wire:
    """Passes connections on to a server for as long as it is whole.

    Attributes
    ----------
    address : where the phone finds the server.
    """

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname, parts.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._lock = threading.Lock()
        self._is_whole = True
        self._ends: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, phone: Any) -> None:
        """End all connections and let none through; the phone is told that it is offline, as phones are."""
        with self._lock:
            self._is_whole = False
            for end in self._ends:
                _shut(end)
        phone.set_offline(True)

    def mend(self, phone: Any) -> None:
        """Let connections through again, and tell the phone."""
        with self._lock:
            self._is_whole = True
        phone.set_offline(False)

    def close(self) -> None:
        """End everything."""
        with self._lock:
            self._is_whole = False
            for end in (*self._ends, self._listening):
                _shut(end)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(self._server) as far:
            with self._lock:
                if not self._is_whole:
                    return
                self._ends |= {near, far}
            back = threading.Thread(target=_pass_on, args=(far, near), daemon=True)
            back.start()
            _pass_on(near, far)
            back.join()
            with self._lock:
                self._ends -= {near, far}


@contextmanager
def wire(server: str) -> Iterator[Wire]:
    """A wire to the server at this address until the end."""
    found = Wire(server)
    try:
        yield found
    finally:
        found.close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
    for end in (source, target):
        _shut(end)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
