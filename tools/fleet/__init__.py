"""The scale mode on one machine, from packages alone."""
