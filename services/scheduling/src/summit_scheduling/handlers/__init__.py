"""The use cases of scheduling, one file each."""
