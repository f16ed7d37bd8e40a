"""The doors of registration: what comes in over HTTP becomes a command, what comes out an answer."""
