"""What alembic runs: the connection comes from `scheduler.server.store.database.migrate`, in its transaction."""

from __future__ import annotations

from alembic import context

import scheduler.server.store.board_tables  # noqa: F401 - they join the same metadata
from scheduler.server.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
