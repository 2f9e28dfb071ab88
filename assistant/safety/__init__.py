"""What keeps secrets out of the record, and prompts out of the answers."""
