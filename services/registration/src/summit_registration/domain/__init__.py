"""What registration decides: editions, invitations and delegations. Pure: no framework, no clock, no I/O."""
