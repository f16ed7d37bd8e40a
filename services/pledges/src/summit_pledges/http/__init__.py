"""The doors of pledges over HTTP."""
