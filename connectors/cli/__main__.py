"""`python -m connectors.cli`: the same as `smartcart`."""

from connectors.cli.main import main

main()
