"""Everything that touches the world: settings, HTTP, CLI, channels, vendors."""
