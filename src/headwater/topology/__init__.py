"""The entity graph over time: who is related to whom, as of an instant. Pure."""
