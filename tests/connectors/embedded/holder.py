"""A process that uses the private Redis of a data folder, and does what it is told line by line.

Run as ``python -m tests.connectors.embedded.holder DATA_DIR CANDIDATES``; every answer is one
JSON line. The end of its standard input ends it in good order.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from connectors.embedded import EmbeddedRedis, EmbeddedRedisUnavailable, ServerCandidate


def main(data_dir: str, candidates: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    redis = EmbeddedRedis(
        Path(data_dir),
        candidates=[
            ServerCandidate(kind, Path(path) if path else None)
            for kind, path in json.loads(candidates)
        ],
        patience=10,
    )
    for line in sys.stdin:
        try:
            match line.strip():
                case "start":
                    redis.start()
                case "ensure":
                    redis.ensure()
                case "close":
                    redis.close()
                case "fork":
                    if os.fork() == 0:
                        time.sleep(60)
                        os._exit(0)
                case "fork and close":
                    child = os.fork()
                    if child == 0:
                        redis.close()
                        os._exit(0)
                    os.waitpid(child, 0)
            answer = {"url": redis.url, "kind": redis.kind}
        except EmbeddedRedisUnavailable as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    redis.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
