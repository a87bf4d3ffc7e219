"""Faults, on real processes: what members, moderators and machines may lose when something is killed, cut, full or late."""
