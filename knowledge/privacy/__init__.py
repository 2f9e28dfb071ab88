"""What is kept of people: told, exported, forgotten, and deleted after its time."""
