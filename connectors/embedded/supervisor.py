"""Ends a server when the process that wanted it ends: a script of its own, standard library only.

Runs as ``python -I -S supervisor.py LOCK SOCKET COMMAND...`` with a pipe from its owner as
standard input. The pipe's end, or the owner's, is the server's end. The inherited lock file
stays open here and in the server, so it is free exactly when no server is left.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys

TERMINATE_SECONDS = 5.0
LOOK_SECONDS = 1.0
CANNOT_RUN = 127
PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Run the server until it ends, the owner ends, or we are told to stop."""
    lock, socket_file, *command = arguments
    owner = os.getppid()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told_to_stop.append(number))
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)

    supervisor = os.getpid()
    try:
        server = subprocess.Popen(  # noqa: S603  the command comes from our own code
            command,
            stdin=subprocess.DEVNULL,
            pass_fds=(int(lock),),
            preexec_fn=lambda: _die_with(supervisor),  # noqa: PLW1509  there is one thread only
        )
    except OSError as error:
        print(f"cannot run {command[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201
        _sweep(socket_file)
        return CANNOT_RUN

    while server.poll() is None and not told_to_stop and os.getppid() == owner:
        ready, _, _ = select.select([0, woken], [], [], LOOK_SECONDS)
        if 0 in ready and not os.read(0, 1):
            break
        if woken in ready:
            os.read(woken, 512)
    _end(server)
    _sweep(socket_file)
    return abs(server.wait())


def _die_with(supervisor: int) -> None:
    """On Linux, have the kernel end the server even when this supervisor is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != supervisor:
            os._exit(CANNOT_RUN)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(TERMINATE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _sweep(socket_file: str) -> None:
    """Take away the socket and its folder; ``os.path``, as pathlib would double our start time."""
    for remove, path in ((os.unlink, socket_file), (os.rmdir, os.path.dirname(socket_file))):  # noqa: PTH120
        with contextlib.suppress(OSError):
            remove(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
