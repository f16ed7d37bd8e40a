"""The use cases of pledges, one file each."""
