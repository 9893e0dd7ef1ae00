"""HTTP: what the receivers of pushed telemetry share."""
