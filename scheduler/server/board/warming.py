"""Reads the output folders of published revisions before anybody asks, so that no visitor waits for it.

Reading a city of some thousand people takes seconds; it is done at the start and soon after each publication.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from scheduler.server.board.folders import Offices
from scheduler.server.store.board_tables import FOLDER
from scheduler.server.store.changes import change_number
from scheduler.server.store.tables import REVISION

LOG = logging.getLogger("giliran")
EVERY = 5.0
"""Seconds between looks at the change number."""
MOST_AHEAD = 3
"""Periods read ahead: the present one and the next of a government or two; `Offices` keeps twice as many."""


class Warmer:
    """A thread beside the requests.

    Parameters
    ----------
    clock : seconds since 1970.
    """

    def __init__(self, engine: Engine, offices: Offices, clock: Callable[[], float]) -> None:
        self._engine, self._offices, self._clock = engine, offices, clock
        self._number = -1
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="giliran-warmer", daemon=True)

    def start(self) -> None:
        """Begin; the first look comes at once."""
        self._thread.start()

    def stop(self) -> None:
        """End after the folder that is being read."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> int:
        """Read what is current, where links or rosters changed since the last look; return how many are in memory."""
        with self._engine.connect() as connection:
            number = change_number(connection)
            if number == self._number:
                return 0
            day = (datetime.fromtimestamp(self._clock(), UTC) - timedelta(days=1)).date().isoformat()
            c = REVISION.c
            wanted = select(REVISION).join(FOLDER, FOLDER.c.revision_id == c.id)
            wanted = (
                wanted.where(c.is_current, c.last_day >= day).order_by(c.first_day, c.id).limit(MOST_AHEAD)
            )
            revisions = connection.execute(wanted).mappings().all()
        self._number = number
        found = (self._offices.find(one) for one in revisions if not self._is_stopping.is_set())
        count = sum(one is not None for one in found)
        if count:
            import scheduler.revise.partners  # noqa: F401 - what the page of changes needs, and loads slowly
        return count

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            try:
                self.look()
            except SQLAlchemyError as error:
                LOG.warning("board: %s", type(error).__name__)
            except Exception as error:
                LOG.error("board: a folder could not be read", exc_info=error)
            self._is_stopping.wait(EVERY)
