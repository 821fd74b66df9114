"""Units solved on a Dask cluster (`giliran[dask]`): a lost worker's units go to another, results stream in.

Each Dask worker keeps solvers in processes of their own, as `local` does: a solver that crashes, hangs or eats all
memory is told apart from a machine that is lost, and ends neither the worker nor its other units.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.solve.executors.local import SOLVE_UNIT, LocalExecutor
from scheduler.solve.executors.tasks import Answer, Closing, Failure, Queue, Task, never_begun, received, sent
from scheduler.version import __version__

if TYPE_CHECKING:
    from scheduler.solve.effort import Effort

WAIT_FOR_WORKERS = 60.0
GRACE = 30.0
"""Seconds after the time limit or an interrupt for which answers under way are waited for."""


class DaskExecutor(Closing):
    """A client of a Dask scheduler, or of a cluster of its own on this machine where no address is given.

    As many units are under way as the cluster has threads, however many wait: neither it nor this process ever
    holds more.

    Parameters
    ----------
    address : of the scheduler, such as `tls://10.0.0.5:8786`; "" for a cluster of `workers` processes here.
    function : what workers call for a unit, as `package.module:name`.

    Raises
    ------
    UsageError
        Where Dask is not installed, or nobody answers at the address.
    """

    def __init__(self, address: str, workers: int, function: str = SOLVE_UNIT) -> None:
        try:
            self._dask = _distributed()
        except ImportError:
            raise UsageError(_NOT_INSTALLED) from None
        self._address, self._workers, self._function = address, max(1, workers), function
        self._plugin = f"giliran {__version__} {function}"
        self._client: Any = None
        self._cluster: Any = None
        self.warnings = (_EXPOSED,) if is_exposed(address) else ()

    def prepare(self) -> None:
        """Connect, or start the cluster of our own, and wait for a worker."""
        if self._client is not None:
            return
        if not self._address:
            self._cluster = self._dask.LocalCluster(
                n_workers=self._workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        try:
            self._client = self._dask.Client(self._cluster or self._address, timeout="15s")
            self._client.wait_for_workers(1, timeout=WAIT_FOR_WORKERS)
        except (OSError, TimeoutError, ValueError) as error:
            raise UsageError(
                Bilingual(
                    id=f"--executor dask={self._address}: tidak ada penjadwal Dask dengan pekerja di alamat itu ({error}). Lihat docs/scale-out.md.",
                    en=f"--executor dask={self._address}: no Dask scheduler with workers answers there ({error}). See docs/scale-out.md.",
                )
            ) from None
        self._client.register_plugin(
            _solvers_plugin(self._function, is_ours=self._cluster is not None), name=self._plugin
        )

    def solve(self, tasks: Sequence[Task], effort: Effort) -> Iterator[Answer]:
        """Yield an answer for every task as it comes."""
        self.prepare()
        client = self._client
        stop = self._dask.Event(f"giliran-stop-{uuid4()}", client=client)
        queue = Queue(tasks, sum(client.nthreads().values()), effort)
        under_way: dict[Any, Task] = {}
        threads, looked, give_up = 0, 0.0, None
        while under_way or len(queue):
            if time.monotonic() - looked > 2:
                threads, looked = max(1, sum(client.nthreads().values())), time.monotonic()
            while len(under_way) < threads and not effort.stopped.is_set() and (taken := queue.take()):
                task, its_effort = taken
                values = (task, sent(its_effort), stop.name, self._plugin, __version__)
                under_way[client.submit(_solve_there, *values, pure=False)] = task
            # the first rosters are all made, however late
            if give_up is None and (effort.stopped.is_set() or (effort.is_over and not effort.is_first)):
                give_up = time.monotonic() + GRACE
                if effort.stopped.is_set():
                    stop.set()
            gives_up = give_up is not None and time.monotonic() > give_up
            if effort.stopped.is_set() or gives_up:
                while taken := queue.take():
                    yield never_begun(taken[0])
            if gives_up:
                client.cancel(list(under_way), force=True)
                yield from (never_begun(task) for task in under_way.values())
                return
            with suppress(TimeoutError):
                if under_way:
                    self._dask.wait(list(under_way), timeout=0.2, return_when="FIRST_COMPLETED")
            for future in [future for future in under_way if future.done()]:
                yield self._answer(future, under_way.pop(future))

    def _answer(self, future: Any, task: Task) -> Answer:
        """Return what a worker answered, or that none was left to answer."""
        try:
            if future.status == "finished":
                answer: Answer = future.result()
                return answer
            error = future.exception() if future.status == "error" else None
            if error is not None and not isinstance(error, self._dask.KilledWorker):
                raise error
            return Answer(number=task.number, failure=_LOST)
        finally:
            future.release()

    def close(self) -> None:
        """Leave the scheduler; end the cluster of our own."""
        for part in (self._client, self._cluster):
            with suppress(Exception):  # BLE001: whatever is left of them, we are leaving
                if part is not None:
                    part.close()
        self._client = self._cluster = None


def _solvers_plugin(function: str, *, is_ours: bool) -> Any:
    """Return what gives each worker its solvers; made here, for Dask is imported only where it is used.

    Ctrl-C in a terminal reaches the workers of a cluster of our own as well; they leave it to us.
    """
    base: Any = _distributed().WorkerPlugin

    class Solvers(base):  # type: ignore[misc]  # Dask has no types
        idempotent = True  # another client's solvers, at work, are used and not replaced

        def setup(self, worker: Any) -> None:
            self.local = LocalExecutor(worker.state.nthreads, function)
            if is_ours and threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, signal.SIG_IGN)

        def teardown(self, worker: Any) -> None:
            self.local.close()

    return Solvers()


def _solve_there(task: Task, values: dict[str, Any], stop_name: str, plugin: str, version: str) -> Answer:
    """Solve one unit; runs on a worker."""
    if version != __version__:
        raise UsageError(
            Bilingual(
                id=f"--executor dask: pekerja memakai giliran {__version__}, perintah ini {version}. Samakan versinya.",
                en=f"--executor dask: a worker has giliran {__version__}, this command is {version}. Install the same.",
            )
        )
    dask = _distributed()
    local: LocalExecutor = dask.get_worker().plugins[plugin].local
    stopped, done = threading.Event(), threading.Event()
    stop = dask.Event(stop_name, client=dask.get_client())

    def listen() -> None:
        with suppress(Exception):  # BLE001: the scheduler is gone, so nobody waits for us
            while not done.wait(0.5):
                if stop.is_set():
                    stopped.set()
                    local.stop(stopped)
                    return

    threading.Thread(target=listen, daemon=True).start()
    try:
        return local.solve_one(task, received(values, stopped))
    finally:
        done.set()


def _distributed() -> Any:
    """Return the module; it has hardly any types."""
    return import_module("distributed")


def is_exposed(address: str) -> bool:
    """Whether an address is reached over a network without TLS: whoever can reach it too can run any code there."""
    if not address:
        return False
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme not in ("tcp", "ws"):
        return False
    host = parts.hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


_NOT_INSTALLED = Bilingual(
    id='--executor dask memerlukan Dask: pip install "giliran[dask]"',
    en='--executor dask needs Dask: pip install "giliran[dask]"',
)
_EXPOSED = Bilingual(
    id="Dask tanpa TLS di jaringan: siapa pun yang menjangkau alamat itu dapat menjalankan apa saja di sana. Pakai tls:// (docs/scale-out.md).",
    en="Dask without TLS over a network: whoever can reach that address can run anything there. Use tls:// (docs/scale-out.md).",
)
_LOST = Failure(
    kind="lost",
    what=Bilingual(
        id="setiap pekerja Dask yang mengerjakannya hilang", en="every Dask worker that worked on it was lost"
    ),
)
