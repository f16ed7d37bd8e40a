"""What webhooks decides: who may be posted to, and what becomes of a delivery. Pure."""
