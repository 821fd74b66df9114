"""Ctrl-C while units are solved: the first ends the searches with what they have, the second ends everything."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts_stop(stopped: threading.Event, tell: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Have an interrupt set `stopped` and call `tell`, and a further one raise KeyboardInterrupt as usual.

    Only the main thread may say what a signal does; elsewhere, and where somebody has said already that interrupts
    are not Python's, everything stays as it is.
    """
    is_ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if not is_ours:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped.is_set():
            signal.default_int_handler(number, frame)
        stopped.set()
        # not here: whatever the interrupt came into may be writing to the same terminal
        threading.Thread(target=tell, daemon=True).start()

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
