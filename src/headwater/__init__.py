"""Headwater finds where a failure began: one incident per cause, from Kubernetes events on NATS JetStream."""

__version__ = "0.1.0"
