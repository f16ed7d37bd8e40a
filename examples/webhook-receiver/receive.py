"""Hears facts of Summit over plain HTTP: a receiver of webhooks that believes nobody but Summit, and applies a fact once.

    SUMMIT_WEBHOOK_SECRET=whsec_... python receive.py 8080

Behind a proxy that speaks HTTPS, in production. What matters is all here: verify before reading, drop what was applied,
answer 204 only when it is kept, and anything else to be told again.
"""

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

SECRETS = [Webhook(secret) for secret in os.environ["SUMMIT_WEBHOOK_SECRET"].split()]
"""Two of them while the secret changes."""
LONGEST = 1_000_000  # bytes

store = sqlite3.connect(os.environ.get("RECEIVER_STORE", ":memory:"), isolation_level=None)
store.execute(
    "CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, aggregate TEXT, version INTEGER, event TEXT)"
)


class Receiver(BaseHTTPRequestHandler):
    """One post."""

    def do_POST(self) -> None:
        """The fact is kept, or the sender tries again."""
        length = int(self.headers.get("content-length", 0))
        if length > LONGEST:
            return self._answer(413)
        body = self.rfile.read(length)
        if not self._is_summits(body):
            return self._answer(401)
        event = json.loads(body)
        new = store.execute(
            "INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [event["id"], event["aggregateid"], event["aggregateversion"], body.decode()],
        )
        if new.rowcount:
            print(event["type"], event["aggregateid"], event["aggregateversion"], flush=True)
        return self._answer(204)

    def _is_summits(self, body: bytes) -> bool:
        for secret in SECRETS:
            try:
                secret.verify(body, dict(self.headers.items()), json_parse=False)
            except (WebhookVerificationError, ValueError):
                continue
            return True
        return False

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
    print(f"listens at http://127.0.0.1:{server.server_address[1]}/", flush=True)
    server.serve_forever()
