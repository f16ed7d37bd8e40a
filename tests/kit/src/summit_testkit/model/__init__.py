"""The protocol between outbox, stream and inbox as a small machine whose every state can be visited."""
