"""What lives in Redis: windows, locks, streams."""
