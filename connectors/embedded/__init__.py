"""The private Redis of a shop that runs on one machine."""

from connectors.embedded.candidates import ServerCandidate, find_candidates
from connectors.embedded.embedded_redis import EmbeddedRedis
from connectors.embedded.errors import EmbeddedRedisUnavailable

__all__ = ["EmbeddedRedis", "EmbeddedRedisUnavailable", "ServerCandidate", "find_candidates"]
