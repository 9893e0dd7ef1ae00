"""New versions that start well and answer wrongly."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.applications import BANK, SHOP
from bench.unseen.decoys import nightly_job, recent_rollout, unrelated_alert
from bench.unseen.events import every
from bench.unseen.more_applications import ML, TELEMETRY
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth, story


@story(BANK, "code", Truth("accounts", "bad_rollout"))
def null_pointer_in_new_version(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "accounts", image="harbor.alder.example/bank/accounts:2.31.0")):
        r.ready(19 + number, pod)
    trace = 'o.a.c.c.C.[.[.[/].[dispatcherServlet] : Servlet.service() threw exception java.lang.NullPointerException: Cannot invoke "com.alder.bank.Overdraft.limit()" because "view.overdraft" is null\n\tat com.alder.bank.accounts.BalanceView.render(BalanceView.java:118)\n\tat com.alder.bank.accounts.AccountsController.get(AccountsController.java:54)'
    r.logs(every(21, 220, 9), "accounts", trace, error_type="java.lang.NullPointerException")
    r.failures(
        every(22, 220, 11), ("istio-ingressgateway", "web-bff", "accounts"), "HTTP 500 in GET /accounts/{id}", error_type="500", status=500
    )
    for at in every(22, 220, 15):
        r.span(
            r.nearly(at),
            "accounts",
            "",
            "GET /accounts/{id}",
            error="java.lang.NullPointerException",
            error_type="java.lang.NullPointerException",
            status=500,
            kind="server",
        )
    r.disturb("web-bff", "accounts", 20, errors=0.4)
    r.burn(170, "accounts")


@story(SHOP, "code", Truth("pricing", "bad_rollout"), decoy=True)
def type_error_for_some_orders(r: Recording) -> None:
    recent_rollout(r, "cart", "5.12.3", at=-45)
    for number, pod in enumerate(r.rollout(0, "pricing", image="ghcr.io/marigold-shop/pricing:5.13.1")):
        r.ready(12 + number, pod)
    r.logs(
        every(15, 220, 10),
        "pricing",
        '{"level":"error","event":"unhandled","err":{"type":"TypeError","message":"Cannot read properties of undefined (reading \'percent\')","stack":"TypeError: Cannot read properties of undefined (reading \'percent\')\\n    at applyVoucher (/app/src/vouchers.js:88:31)\\n    at quote (/app/src/quote.js:41:12)"},"order":"{n}"}',
        error_type="TypeError",
    )
    r.failures(
        every(16, 220, 13),
        ("ingress-nginx-controller", "storefront", "checkout", "pricing"),
        "HTTP 500 in POST /quote",
        error_type="500",
        status=500,
        outer=502,
    )
    r.disturb("checkout", "pricing", 14, errors=0.3)
    r.disturb("storefront", "checkout", 14, errors=0.3)
    r.burn(190, "checkout")


@story(TELEMETRY, "code", Truth("normalizer", "bad_rollout"))
def messages_it_cannot_read(r: Recording) -> None:
    for number, pod in enumerate(r.rollout(0, "normalizer", image="beacon.azurecr.example/normalizer:4.0.0")):
        r.ready(10 + number, pod)
    r.logs(
        every(14, 240, 8),
        "normalizer",
        "fail: Beacon.Normalizer.Worker[31] Could not process raw.metrics partition 7 offset {n}: System.Text.Json.JsonException: The JSON value could not be converted to System.Decimal. Path: $.value | LineNumber: 0 | BytePositionInLine: 64. at System.Text.Json.ThrowHelper.ReThrowWithPath",
        error_type="System.Text.Json.JsonException",
    )
    for at in every(16, 240, 20):
        r.span(
            r.nearly(at),
            "normalizer",
            "",
            "raw.metrics process",
            error="System.Text.Json.JsonException",
            error_type="System.Text.Json.JsonException",
            kind="consumer",
        )
    r.alert(
        120,
        "ConsumerLagHigh",
        "Consumer group normalizer is 288,000 records behind on raw.metrics",
        consumergroup="normalizer",
        topic="raw.metrics",
        namespace="beacon",
        severity="critical",
        pending="1m",
    )
    r.logs(
        every(80, 240, 32), "stream-joiner", "warn: Beacon.Joiner.Window[7] Only {n} records on clean.metrics in the last minute", "warning"
    )
    r.alert(185, "DashboardDataStale", "Newest data point is older than 2 minutes", service="dashboard", namespace="beacon", pending="2m")
    r.disturb("stream-joiner", "tsdb", 30, errors=0.0)


@story(ML, "code", Truth("api", "bad_rollout"), decoy=True)
def key_error_after_refactoring(r: Recording) -> None:
    nightly_job(r, "nightly-retrain")
    recent_rollout(r, "model-server", "24.10", at=-150)
    for number, pod in enumerate(r.rollout(0, "api", image="registry.quarry.example/ml/api:2026.5.0")):
        r.ready(9 + number, pod)
    r.logs(
        every(12, 220, 9),
        "api",
        'ERROR uvicorn.error: Exception in ASGI application Traceback (most recent call last): File "/srv/app/routes/experiments.py", line 71, in list_experiments owner = row["owner_email"] KeyError: \'owner_email\'',
        error_type="KeyError",
    )
    r.failures(
        every(13, 220, 12),
        ("portal", "api"),
        "500 Server Error: Internal Server Error for url: http://api:8000/v1/experiments",
        error_type="requests.exceptions.HTTPError",
        status=500,
    )
    for at in every(14, 220, 26):
        r.span(
            r.nearly(at),
            "api",
            "",
            "GET /v1/experiments",
            error="KeyError: 'owner_email'",
            error_type="KeyError",
            status=500,
            kind="server",
        )
    r.disturb("portal", "api", 11, errors=0.6)
    r.burn(170, "portal")


@story(SHOP, "code", Truth("image-resizer", "bad_rollout"), decoy=True)
def event_loop_blocked_by_new_version(r: Recording) -> None:
    unrelated_alert(r, "catalog")
    for number, pod in enumerate(r.rollout(0, "image-resizer", image="ghcr.io/marigold-shop/image-resizer:6.0.0")):
        r.ready(9 + number, pod)
    pods = r.pods("image-resizer")
    for at in every(15, 220, 16):
        r.slow(r.nearly(at), "image-resizer", "GET /img", 6_200, 25)
        r.metric(at + 1, pods[int(at) % 2], "nodejs_eventloop_lag_p99_seconds", 4.8, 0.2, unit="s", intent="metric.latency.high")
    r.failures(
        every(18, 220, 15),
        ("ingress-nginx-controller", "storefront", "image-resizer"),
        "timeout of 5000ms exceeded",
        error_type="ECONNABORTED",
        milliseconds=5_000,
        outer=504,
    )
    r.disturb("storefront", "image-resizer", 12, errors=0.5, slower=180)
    r.burn(170, "storefront", severity="warning")
