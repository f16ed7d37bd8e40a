"""Who may do what on NATS: users and their rights, the keys they prove themselves with, the server's configuration."""
