"""Log lines as runtimes and libraries of many languages write them: each shows its mechanism and, where it names one, whom it blames."""

import json

import pytest

from headwater.model.heads import decode_head
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue

CATALOGUE = Catalogue.from_texts(rule_texts()["signals"])

LINES = [
    # Java and its libraries
    ("svc.refused", "stock", "java.net.ConnectException: Failed to connect to stock:8080: Connection refused (Connection refused)"),
    ("svc.timeout", "", "java.net.SocketTimeoutException: Read timed out"),
    ("svc.dns", "stock", "java.net.UnknownHostException: stock"),
    ("svc.reset", "", "java.io.IOException: Connection reset by peer"),
    ("svc.reset", "", "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure"),
    ("svc.pool", "", "HikariPool-1 - Connection is not available, request timed out after 30000ms."),
    ("svc.tls", "", "javax.net.ssl.SSLHandshakeException: PKIX path building failed: unable to find valid certification path"),
    ("resource.memory", "", "java.lang.OutOfMemoryError: Java heap space"),
    ("runtime.stuck", "", "java.util.concurrent.RejectedExecutionException: Task rejected from ThreadPoolExecutor"),
    ("runtime.crash", "", "Exception in thread main java.lang.StackOverflowError"),
    ("resource.handles", "", "java.net.SocketException: Too many open files"),
    ("svc.refused", "stock", "java.lang.IllegalStateException: No instances available for stock"),
    # Go
    ("svc.refused", "10.1.2.3", "dial tcp 10.1.2.3:5432: connect: connection refused"),
    ("svc.timeout", "10.1.2.3", "dial tcp 10.1.2.3:5432: i/o timeout"),
    ("svc.timeout", "stock", 'Get "http://stock:8080/items": context deadline exceeded'),
    ("svc.dns", "stock", "dial tcp: lookup stock on 10.96.0.10:53: no such host"),
    ("svc.dns", "stock", "dial tcp: lookup stock on 10.96.0.10:53: read udp 10.0.0.1:4->10.96.0.10:53: i/o timeout"),
    ("svc.tls", "stock", 'Get "https://stock/items": x509: certificate has expired or is not yet valid'),
    ("svc.tls", "stock", 'Get "https://stock/items": tls: failed to verify certificate: x509: certificate signed by unknown authority'),
    ("svc.5xx", "", "rpc error: code = Unavailable desc = upstream is away"),
    ("svc.timeout", "", "rpc error: code = DeadlineExceeded desc = context deadline exceeded"),
    ("runtime.crash", "", "panic: runtime error: invalid memory address or nil pointer dereference"),
    ("runtime.stuck", "", "fatal error: all goroutines are asleep - deadlock!"),
    ("resource.disk", "", "write /data/segment-7: no space left on device"),
    ("svc.pool", "", "pq: sorry, too many clients already"),
    # Python
    ("svc.refused", "stock", "requests.exceptions.ConnectionError: HTTPConnectionPool(host='stock', port=80): Connection refused"),
    ("svc.dns", "", "socket.gaierror: [Errno -3] Temporary failure in name resolution"),
    ("svc.timeout", "stock", "requests.exceptions.ReadTimeout: HTTPConnectionPool(host='stock', port=80): Read timed out."),
    ("svc.pool", "", "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out"),
    ("svc.authz", "", 'psycopg2.OperationalError: FATAL: password authentication failed for user "orders"'),
    ("resource.handles", "", "OSError: [Errno 24] Too many open files"),
    ("resource.handles", "", "OSError: [Errno 99] Cannot assign requested address"),
    ("runtime.crash", "", "RecursionError: maximum recursion depth exceeded"),
    ("runtime.stuck", "", "[CRITICAL] WORKER TIMEOUT (pid:17)"),
    # Node
    ("svc.refused", "10.1.2.3", "Error: connect ECONNREFUSED 10.1.2.3:6379"),
    ("svc.dns", "stock", "Error: getaddrinfo ENOTFOUND stock"),
    ("svc.timeout", "10.1.2.3", "Error: connect ETIMEDOUT 10.1.2.3:443"),
    ("svc.reset", "", "Error: socket hang up"),
    ("resource.memory", "", "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory"),
    ("resource.handles", "", "Error: EMFILE: too many open files, open '/srv/x'"),
    # .NET
    ("svc.timeout", "", "System.TimeoutException: The operation has timed out."),
    ("svc.refused", "stock", "Grpc.Core.RpcException: failed to connect to stock:50051, connection refused"),
    ("svc.reset", "", "System.IO.IOException: Unable to read data: An existing connection was forcibly closed, Connection reset by peer"),
    ("svc.pool", "", "Npgsql.NpgsqlException: The connection pool has been exhausted"),
    ("svc.tls", "", "System.Security.Authentication.AuthenticationException: TLS handshake failed"),
    ("runtime.stuck", "", "Microsoft.Data.SqlClient.SqlException: Transaction was deadlocked on lock resources (deadlock victim)"),
    # Ruby, PHP, Rust, C
    ("svc.refused", "", "Errno::ECONNREFUSED: Connection refused - connect(2)"),
    ("svc.authz", "", "PDOException: SQLSTATE[HY000] [1045] Access denied for user 'shop'"),
    ("runtime.crash", "", "thread 'main' panicked at src/main.rs:4:5: index out of bounds"),
    ("runtime.crash", "", "Segmentation fault (core dumped)"),
    # Proxies and databases
    ("svc.refused", "", "no healthy upstream"),
    ("svc.5xx", "", "upstream connect error or disconnect/reset before headers"),
    ("svc.429", "", "OOM command not allowed: rate limit exceeded, too many requests"),
    ("svc.pool", "", "FATAL: remaining connection slots are reserved for non-replication superuser connections"),
    ("runtime.stuck", "", "ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction"),
]  # fmt: skip


@pytest.mark.parametrize(("symptom_class", "peer", "line"), LINES, ids=[line[:50] for _, _, line in LINES])
def test_a_line_shows_its_mechanism(symptom_class: str, peer: str, line: str) -> None:
    event = {"id": "e", "type": "log", "severity": "error", "message": line, "attributes": {"service.name": "orders"}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert (found.symptom_class, found.peer.name if found.peer else "") == (symptom_class, peer)


@pytest.mark.parametrize("line", [line for _, _, line in LINES[:5]])
def test_at_level_info_no_line_shows_anything(line: str) -> None:
    event = {"id": "e", "type": "log", "severity": "info", "message": line, "attributes": {"service.name": "orders"}}
    data = json.dumps(event).encode()
    assert CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="") == ()
