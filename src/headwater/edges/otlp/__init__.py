"""
The OpenTelemetry edge: spans and logs by OTLP, of which only what went wrong, and who calls whom, becomes events.

Requests are read from JSON (read_json.py) or protobuf (read_protobuf.py) into the few words of telemetry.py; `TelemetryIntake` (intake.py)
decides what is worth an event; http_receiver.py and grpc_receiver.py answer as the protocol says. Only read_protobuf.py and
grpc_receiver.py need the extra `headwater[otlp]`.
"""
