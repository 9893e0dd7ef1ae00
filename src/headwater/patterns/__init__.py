"""Named failure patterns as data with tests inside. Pure."""
