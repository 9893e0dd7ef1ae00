"""The Kubernetes edge: lists and watches the API, keeps what relates, and tells what changed. Knows no NATS and no topology."""
