"""What the portal has heard, as pages ask for it: kinds of records, how facts change them, and how they are read."""
