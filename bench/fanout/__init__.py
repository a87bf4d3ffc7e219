"""How soon the last of many sockets has read what one person wrote, beside what others would take: `python -m bench.fanout`."""
