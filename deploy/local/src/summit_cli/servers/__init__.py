"""The servers Summit leans on, as processes of this machine: NATS, PostgreSQL and a mailbox.

Each is a context manager, listens on 127.0.0.1 alone, and keeps what it stores in the directory it is given.
Import the module you need (`summit_cli.servers.nats`), so that a command that needs no mail loads no mail server.
"""
