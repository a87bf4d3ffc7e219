"""The servers that sockets run under: one module each, with the same limits and the same farewell."""
