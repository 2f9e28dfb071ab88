"""Takes mails as a mail server does, with STARTTLS and passwords, on this machine alone."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    """One mail as it was handed in: the envelope and the raw bytes."""

    sender: str
    recipients: list[str]
    data: bytes
    encrypted: bool
    user: str | None


@dataclass
class SmtpServer:
    """``refuse`` is answered to the next so many mails instead of taking them."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    password: str | None = None
    refuse: int = 0
    mails: list[Received] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator["SmtpServer"]:
        class Handler(_Session):
            shop = self

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


class _Session(socketserver.StreamRequestHandler):
    shop: SmtpServer

    def handle(self) -> None:
        encrypted, user = False, None
        sender, recipients = "", list[str]()
        self._say("220 stand-in ESMTP")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            command = line.upper()
            if command.startswith("EHLO"):
                self._greet(encrypted=encrypted)
            elif command == "STARTTLS" and self.shop.tls is not None:
                self._say("220 go on")
                secured = self.shop.tls.wrap_socket(self.request, server_side=True)
                self.connection = secured
                self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb")
                encrypted = True
            elif command.startswith("AUTH PLAIN"):
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                known = password == self.shop.password
                self._say("235 welcome" if known else "535 who are you")
            elif command.startswith("MAIL FROM:"):
                sender, recipients = line[10:].partition(">")[0].strip("<> "), []
                self._say("250 ok")
            elif command.startswith("RCPT TO:"):
                recipients.append(line[8:].strip("<> "))
                self._say("250 ok")
            elif command == "DATA":
                self._take(sender, recipients, user, encrypted=encrypted)
            elif command == "QUIT":
                return
            else:
                self._say("250 ok")

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _greet(self, *, encrypted: bool) -> None:
        more = ["250-stand-in"]
        if self.shop.tls is not None and not encrypted:
            more.append("250-STARTTLS")
        if self.shop.password is not None:
            more.append("250-AUTH PLAIN")
        self._say(*more, "250 8BITMIME")

    def _take(
        self, sender: str, recipients: list[str], user: str | None, *, encrypted: bool
    ) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if self.shop.refuse:
            self.shop.refuse -= 1
            self._say("451 try again later")
            return
        self.shop.mails.append(Received(sender, recipients, b"".join(lines), encrypted, user))
        self._say("250 taken")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())
        self.wfile.flush()
