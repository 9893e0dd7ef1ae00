"""A hospital's software as a service: .NET and Node with SQL Server and RabbitMQ, on AKS."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import DNS
from bench.unseen.clusters import Application, Call, Habit, Workload
from bench.unseen.neighbour_workloads import NEIGHBOURS

REGISTRY = "wardsuite.azurecr.example/care"


def _own(name: str, **more: object) -> Workload:
    parts: dict[str, object] = {"language": "dotnet", "probe_path": "/health/ready", "memory": "768Mi"}
    return Workload(name, **{"image": f"{REGISTRY}/{name}:7.41.0", **parts, **more})  # type: ignore[arg-type]


WARD = Application(
    name="ward-suite",
    namespace="care",
    neighbours=NEIGHBOURS,
    nodes={
        "aks-apps-31447205-vmss000000": "westeurope-1",
        "aks-apps-31447205-vmss000001": "westeurope-2",
        "aks-apps-31447205-vmss000004": "westeurope-3",
        "aks-data-18820916-vmss000002": "westeurope-1",
        "aks-data-18820916-vmss000003": "westeurope-2",
    },
    workloads=(
        DNS,
        Workload("ingress-nginx-controller", namespace="app-routing-system", image="mcr.example/oss/nginx-ingress-controller:v1.11.5", port=443, language="nginx", probe_path="/healthz"),
        _own("ward-portal", language="node", replicas=3, port=3000),
        _own("admissions", secrets=("admissions-sql",), environment=("ConnectionStrings__Care", "Rabbit__Host")),
        _own("medication", replicas=3, configs=("medication-settings",), secrets=("medication-sql",)),
        _own("lab-results", environment=("Rabbit__Host",)),
        _own("hl7-bridge", replicas=1, port=2575, probe_path=""),
        _own("letter-renderer", port=0, probe_path="", memory="1Gi"),
        Workload("care-sql", kind="StatefulSet", replicas=1, image="mcr.example/mssql/server:2022-CU16-ubuntu-22.04", port=1433, language="mssql", memory="12Gi", cpu="4", probe_path="", claim="256Gi"),
        Workload("rabbitmq", kind="StatefulSet", replicas=3, image="docker.io/library/rabbitmq:4.0.5-management", port=5672, language="erlang", memory="2Gi", probe_path="", claim="32Gi"),
    ),
    calls=(
        Call("ingress-nginx-controller", "ward-portal", "GET /ward/{id}", 40, 520),
        Call("ward-portal", "admissions", "GET /api/admissions", 24, 410),
        Call("ward-portal", "medication", "GET /api/orders/{patient}", 31, 480),
        Call("ward-portal", "lab-results", "GET /api/results/{patient}", 27, 260),
        Call("admissions", "care-sql", "SELECT Admissions", 6, 620),
        Call("medication", "care-sql", "SELECT MedicationOrders", 8, 900),
        Call("lab-results", "rabbitmq", "lab.results receive", 5, 210),
        Call("hl7-bridge", "rabbitmq", "lab.results send", 4, 200),
        Call("letter-renderer", "rabbitmq", "letters receive", 6, 40),
    ),
    habits=(
        Habit("admissions", '{"@t":"-","@mt":"HTTP {RequestMethod} {RequestPath} responded {StatusCode} in {Elapsed} ms","RequestMethod":"GET","StatusCode":200,"Elapsed":{n}}', "info", 25),
        Habit("medication", '{"@t":"-","@mt":"Interaction check for order {OrderId} found {Count} hints","@l":"Warning","OrderId":{n},"Count":1}', "warning", 60),
        Habit("hl7-bridge", "info: Bridge.Mllp[0] ACK AA for ORU^R01 control id {n}", "info", 20),
        Habit("rabbitmq", "[info] <0.{n}.0> connection <0.{n}.0> (10.244.3.18:44120 -> 10.244.1.9:5672): user 'care' authenticated and granted access to vhost '/'", "info", 80),
        Habit("lab-results", '{"@t":"-","@mt":"Result without a matching request {Placer}","@l":"Error","Placer":"L{n}"}', "error", 110),
    ),
    log_source="otel-logs",
    day="2026-10-12",
)  # fmt: skip
