"""Where the migrations tool looks for a service's tables and versions."""
