"""The database's levels, from the first release on; run by `scheduler.server.store.database.migrate`."""
