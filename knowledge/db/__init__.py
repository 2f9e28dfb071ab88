"""The database: rows, engine, migrations and the unit of work."""
