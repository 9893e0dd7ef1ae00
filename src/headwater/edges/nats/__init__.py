"""The NATS edge: streams, subjects, journal, publishers. The only place that knows the NATS client."""
