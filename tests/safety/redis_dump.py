"""Everything a Redis holds, as one text."""

from typing import Any

import redis


def dump_redis(url: str) -> str:
    client: Any = redis.Redis.from_url(url)
    found: list[bytes] = []
    for key in client.scan_iter("*"):
        kind = client.type(key).decode()
        if kind == "list":
            found.append(b"\n".join(client.lrange(key, 0, -1)))
        elif kind == "stream":
            found += [value for _, entry in client.xrange(key) for value in entry.values()]
        elif kind == "string":
            found.append(client.get(key) or b"")
    client.close()
    return b"\n".join(found).decode("utf-8", "replace")
