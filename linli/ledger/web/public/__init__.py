"""Pages for everybody: no login, nothing personal, to be kept by caches for a moment."""
