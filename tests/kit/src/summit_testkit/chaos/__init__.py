"""The whole of Summit under fire: a load through its doors, faults of every kind, and a judge who knows only what was promised."""
