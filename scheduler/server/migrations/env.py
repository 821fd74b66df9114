"""What alembic runs: the connection comes from `scheduler.server.database.migrate`, in its transaction."""

from __future__ import annotations

from alembic import context

import scheduler.server.board.tables  # noqa: F401 - they join the same metadata
from scheduler.server.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
