"""The demo harbour: a small cast, a wall of about sixty posts, and cases of every kind. Made up, every word of it."""
