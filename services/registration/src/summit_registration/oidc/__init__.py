"""Registration's adapter to the organisation that vouches for staff: an OpenID Connect provider."""
