"""Plan files falsified in every way and place; `verifier/` has to reject each and say which rule it breaks."""
