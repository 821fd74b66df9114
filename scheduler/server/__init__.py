"""The server, on SQLite or PostgreSQL: rooms in a line, each using only those before it (import-linter holds them to it).

store <- links, publishing <- feeds, telegram <- phone <- judging <- board <- upkeep <- web <- serving
"""
