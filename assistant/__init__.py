"""One turn of conversation: models, memory, grounding, streaming."""
