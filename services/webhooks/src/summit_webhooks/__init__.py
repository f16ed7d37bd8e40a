"""Webhooks: public facts, signed, for systems that cannot speak NATS."""
