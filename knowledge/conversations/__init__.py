"""Talk: inbox, turns, commands, outbox."""
