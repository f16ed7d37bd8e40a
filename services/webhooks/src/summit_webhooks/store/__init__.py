"""Rows of webhooks: facts, webhooks, deliveries and every attempt."""
