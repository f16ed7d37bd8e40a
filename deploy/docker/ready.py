"""Ends with 0 if the server of this container says that it can do its work; else prints what keeps it from it.

python3 -S ready.py [PORT [PATH]]
"""

import os
import socket
import sys

port = int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SUMMIT_HTTP_PORT", "8080"))
path = sys.argv[2] if len(sys.argv) > 2 else "/health/ready"
# A socket by hand: it is asked every few seconds, and an HTTP client takes ten times as long to load.
with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
    line.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
    answer = b""
    while part := line.recv(65536):
        answer += part
head, _, body = answer.partition(b"\r\n\r\n")
print(body.decode(errors="replace")[:2000])
sys.exit(0 if b" 200 " in head.partition(b"\r\n")[0] else 1)
