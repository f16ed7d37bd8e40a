"""The portal: the summit's face for delegations, the secretariat and the public."""
