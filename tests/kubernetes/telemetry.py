"""What instrumented services of a shop say of their calls, as the OTLP collector publishes it."""

import secrets
from typing import Any

import msgspec

from headwater.model.times import format_time
from headwater.service.clock import WallClock
from headwater.service.wiring import Client

Call = tuple[str, str, str]
"""Who called whom, and how the call failed: an error type, or "" for a call that went well."""


async def tell_calls(client: Client, namespace: str, calls: list[Call], *, times: int) -> None:
    """Publish the calls, each time in a trace of their own."""
    async with client.publisher() as publisher:
        for _ in range(times):
            trace_id = secrets.token_hex(16)
            for caller, callee, error in calls:
                event = _span(namespace, caller, callee, error)
                await publisher.publish_raw(msgspec.json.encode(event), event_id=event["id"], source="otel", trace_id=trace_id)


def _span(namespace: str, caller: str, callee: str, error: str) -> dict[str, Any]:
    host = f"{callee}.{namespace}.svc.cluster.local"
    attributes = {"service.name": caller, "server.address": host, "span.kind": "client", "otel.status_code": "ERROR" if error else "OK"}
    return {
        "id": secrets.token_hex(8),
        "timestamp": format_time(WallClock().now()),
        "type": "service",
        "source": "otel",
        "severity": "error" if error else "info",
        "message": f"GET {host}" + (f": {error}" if error else ""),
        "entity": {"type": "service", "name": caller, "namespace": namespace},
        "network": {"protocol": "http", "latency_ns": 5_000_000_000 if error else 8_000_000},
        "attributes": attributes | ({"error.type": error} if error else {}),
    }
