"""A summit played from beginning to end through the doors that people use: HTTP, mail and the streams."""
