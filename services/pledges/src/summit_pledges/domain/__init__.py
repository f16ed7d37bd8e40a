"""What pledges decides: needs, pledges and compacts, and the taxonomy they speak in. Pure: no framework, no clock, no I/O."""
