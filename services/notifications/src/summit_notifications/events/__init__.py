"""What notifications hears from the other services: everything that concerns somebody."""
