"""How quick pages and posting are: `python -m bench.pages`."""
