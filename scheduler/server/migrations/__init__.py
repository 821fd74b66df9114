"""The database's levels, from the first release on; run by `scheduler.server.database.migrate`."""
