"""`python -m linli` is `linli`."""

from linli.commands.app import main

main()
