"""The use cases of notifications, one file each."""
