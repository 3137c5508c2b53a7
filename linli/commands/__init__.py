"""The `linli` command line: the one place where rooms are put together into programs."""
