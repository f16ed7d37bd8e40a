"""The whole of Summit on one machine: servers, services, and the command `summit`."""
