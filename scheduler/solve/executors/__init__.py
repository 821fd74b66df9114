"""Units side by side: independent problems, so neither place nor order ever changes a result.

`here` solves in threads of this process, `local` in processes of their own on this machine, `dask` on a cluster.
Each yields answers as they come; whoever asks verifies them.
"""

from __future__ import annotations

from scheduler.errors import UsageError
from scheduler.language import Bilingual
from scheduler.solve.executors.tasks import Answer, Executor, Failure, Task

__all__ = ["EXECUTORS", "Answer", "Executor", "Failure", "Task", "open_executor"]

EXECUTORS = ("local", "dask", "here")


def open_executor(name: str, workers: int) -> Executor:
    """Return an executor by its name: `local`, `here`, `dask` or `dask=ADDRESS`. Close it, or use it in a `with`.

    Raises
    ------
    UsageError
        Where there is no such executor, the extra is not installed, or no scheduler answers at the address.
    """
    kind, _, address = name.partition("=")
    if kind == "dask":
        from scheduler.solve.executors.dask import DaskExecutor

        return DaskExecutor(address, workers)
    if address or kind not in EXECUTORS:
        raise UsageError(
            Bilingual(
                id=f"--executor {name}: yang ada: local, here, dask atau dask=ALAMAT, mis. dask=tcp://10.0.0.5:8786.",
                en=f"--executor {name}: there are local, here, dask or dask=ADDRESS, such as dask=tcp://10.0.0.5:8786.",
            )
        )
    if kind == "here":
        from scheduler.solve.executors.here import HereExecutor

        return HereExecutor(workers)
    from scheduler.solve.executors.local import LocalExecutor

    return LocalExecutor(workers)
