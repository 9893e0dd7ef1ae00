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
    # By the words and codes of client libraries, databases and brokers
    ("svc.authz", "stock", 'connection to server at "stock" (10.1.2.3), port 5432 failed: FATAL: password authentication failed'),
    ("svc.pool", "stock", 'connection to server at "stock" (10.1.2.3), port 5432 failed: FATAL: sorry, too many clients already'),
    ("svc.refused", "10.1.2.3", "connect to 10.1.2.3:5432 failed: ConnectionRefusedError: [Errno 111] Connection refused"),
    ("svc.refused", "stock", "redis.exceptions.ConnectionError: Error 111 connecting to stock:6379. Connection refused."),
    ("svc.refused", "stock", 'psycopg2.OperationalError: connection to server at "stock" (10.1.2.3), port 5432 failed: Connection refused'),
    ("svc.refused", "stock", "io.grpc.StatusRuntimeException: UNAVAILABLE: io exception: Connection refused: stock/10.1.2.3:50051"),
    ("svc.refused", "stock", "System.Net.Http.HttpRequestException: Connection refused (stock:8080)"),
    ("svc.refused", "10.1.2.3", "MongoServerSelectionError: connect ECONNREFUSED 10.1.2.3:27017"),
    ("svc.refused", "10.1.2.3", "transport: Error while dialing: dial tcp 10.1.2.3:50051: connect: connection refused"),
    ("svc.refused", "stock", 'Failed to open TCP connection to stock:80 (Connection refused - connect(2) for "stock" port 80)'),
    ("svc.refused", "stock", "cURL error 7: Failed to connect to stock port 80: Connection refused"),
    ("svc.refused", "stock", "error sending request for url (http://stock:8080/x): tcp connect error: Connection refused (os error 111)"),
    ("svc.refused", "", "kafka: client has run out of available brokers to talk to"),
    ("svc.reset", "", "org.apache.kafka.common.errors.DisconnectException"),
    ("svc.reset", "", "SQLSTATE[08006] could not connect to server"),
    ("svc.refused", "", "SQLSTATE[HY000] [2002] Connection refused"),
    ("svc.refused", "stock", "kombu.exceptions.OperationalError: [Errno 111] Connection refused: amqp://guest@stock:5672//"),
    ("svc.timeout", "stock", "java.net.SocketTimeoutException: connect timed out: stock:8080"),
    ("svc.timeout", "", "io.grpc.StatusRuntimeException: DEADLINE_EXCEEDED: deadline exceeded after 4.99s"),
    ("svc.timeout", "", "System.Threading.Tasks.TaskCanceledException: canceled due to the configured HttpClient.Timeout of 100 seconds"),
    ("svc.timeout", "", "Net::ReadTimeout with #<TCPSocket:(closed)>"),
    ("svc.timeout", "", "Net::OpenTimeout: execution expired"),
    ("svc.timeout", "stock", "cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received for http://stock/x"),
    ("svc.timeout", "", "AxiosError: timeout of 5000ms exceeded"),
    ("svc.timeout", "", "org.apache.kafka.common.errors.TimeoutException: Topic orders not present in metadata after 60000 ms."),
    ("svc.timeout", "", "ERROR: canceling statement due to statement timeout"),
    ("svc.timeout", "", "SQLSTATE[57014]: Query canceled"),
    ("svc.timeout", "", "reqwest::Error { kind: Request, source: TimedOut }"),
    ("svc.timeout", "", "hyper::Error(Connect, Custom { kind: TimedOut, error: Elapsed(()) })"),
    ("svc.timeout", "", "asyncio.exceptions.TimeoutError"),
    ("svc.timeout", "", "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"),
    ("svc.timeout", "stock", "feign.RetryableException: Read timed out executing POST http://stock/api"),
    ("svc.refused", "", "CircuitBreaker 'stock' is OPEN and does not permit further calls"),
    ("svc.timeout", "", "Server selection timed out after 30000 ms"),
    ("svc.timeout", "", "ORA-12170: TNS:Connect timeout occurred"),
    ("svc.reset", "10.1.2.3", "read tcp 10.0.0.1:443->10.1.2.3:5432: read: connection reset by peer"),
    ("svc.reset", "", "ConnectionResetError: [Errno 104] Connection reset by peer"),
    ("svc.reset", "", "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"),
    ("svc.reset", "", "org.apache.http.NoHttpResponseException: stock:8080 failed to respond"),
    ("svc.reset", "", "System.Net.Sockets.SocketException (104): Connection reset by peer"),
    ("svc.reset", "", "psycopg2.OperationalError: server closed the connection unexpectedly"),
    ("svc.reset", "", "MySQL server has gone away"),
    ("svc.reset", "", "SQLSTATE[57P01]: terminating connection due to administrator command"),
    ("svc.reset", "", "FATAL: the database system is shutting down"),
    ("svc.reset", "", "hyper::Error(IncompleteMessage)"),
    ("svc.reset", "", "http2: server sent GOAWAY and closed the connection"),
    ("svc.reset", "", "stream error: stream ID 5; INTERNAL_ERROR; received from peer"),
    ("svc.reset", "", "EOFError: end of file reached"),
    ("svc.reset", "", "Errno::EPIPE: Broken pipe"),
    ("svc.reset", "", "java.io.EOFException: unexpected end of stream on http://stock/"),
    ("svc.reset", "", "client connection force closed via ConnectionHandler: connection error: PROTOCOL_ERROR"),
    ("svc.dns", "stock", "php_network_getaddresses: getaddrinfo for stock failed: Name or service not known"),
    ("svc.dns", "stock", "cURL error 6: Could not resolve host: stock"),
    ("svc.dns", "", "SocketError: Failed to open TCP connection to stock:80 (getaddrinfo: Name or service not known)"),
    ("svc.dns", "", "System.Net.Sockets.SocketException: No such host is known."),
    ("svc.dns", "", "failed to lookup address information: Temporary failure in name resolution"),
    ("svc.dns", "", "java.nio.channels.UnresolvedAddressException"),
    ("svc.dns", "", "No address associated with hostname"),
    ("svc.dns", "stock", "Error: queryA ESERVFAIL stock"),
    ("svc.dns", "stock", "io.grpc.StatusRuntimeException: UNAVAILABLE: Unable to resolve host stock"),
    ("svc.dns", "", "name resolver error: produced zero addresses"),
    ("svc.tls", "", "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired"),
    ("svc.tls", "", "Error: unable to get local issuer certificate"),
    ("svc.tls", "", "CERT_HAS_EXPIRED"),
    ("svc.tls", "", "DEPTH_ZERO_SELF_SIGNED_CERT"),
    ("svc.tls", "", "The remote certificate is invalid according to the validation procedure"),
    ("svc.tls", "", "The SSL connection could not be established, see inner exception."),
    ("svc.tls", "", "OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 state=error: certificate verify failed"),
    ("svc.tls", "", "cURL error 60: SSL certificate problem: unable to get local issuer certificate"),
    ("svc.tls", "", "invalid peer certificate: UnknownIssuer"),
    ("svc.tls", "", "tls: first record does not look like a TLS handshake"),
    ("svc.tls", "", "http: server gave HTTP response to HTTPS client"),
    ("svc.tls", "", "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message"),
    ("svc.tls", "", "wrong version number: SSL routines"),
    ("svc.authz", "", "rpc error: code = Unauthenticated desc = token invalid"),
    ("svc.authz", "", "rpc error: code = PermissionDenied desc = no"),
    ("svc.authz", "", "SQLSTATE[28P01]: password authentication failed"),
    ("svc.authz", "", "ORA-01017: invalid username/password; logon denied"),
    ("svc.authz", "", "MongoServerError: Authentication failed."),
    ("svc.authz", "", "WRONGPASS invalid username-password pair"),
    ("svc.authz", "", "NOAUTH Authentication required."),
    ("svc.authz", "", "ERROR 1045 (28000): Access denied for user"),
    ("svc.authz", "", "jwt expired"),
    ("svc.authz", "", "JsonWebTokenError: invalid signature"),
    ("svc.authz", "", "io.jsonwebtoken.ExpiredJwtException: JWT expired at 2026"),
    ("svc.authz", "", "TokenExpiredError: jwt expired"),
    ("svc.authz", "", "ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN"),
    ("svc.authz", "", "SaslAuthenticationException: failed due to invalid credentials with SASL mechanism SCRAM"),
    ("svc.authz", "", "nats: authorization violation"),
    ("svc.authz", "", "permission denied for table orders"),
    ("svc.authz", "", "AccessDeniedException: User: arn:aws:x is not authorized to perform: s3:GetObject"),
    ("svc.pool", "", "SQLSTATE[53300]: too many connections for role"),
    ("svc.pool", "", "ERROR 1040 (08004): Too many connections"),
    ("svc.pool", "", "ORA-12519: TNS:no appropriate service handler found"),
    ("svc.pool", "", "ORA-00018: maximum number of sessions exceeded"),
    ("svc.pool", "", "ActiveRecord::ConnectionTimeoutError: could not obtain a connection from the pool within 5.000 seconds"),
    ("svc.pool", "", "TimeoutError: ResourceRequest timed out"),
    ("svc.pool", "", "KnexTimeoutError: Knex: Timeout acquiring a connection. The pool is probably full."),
    ("svc.pool", "", "Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool."),
    ("svc.pool", "", "redis.clients.jedis.exceptions.JedisExhaustedPoolException: Could not get a resource since the pool is exhausted"),
    ("svc.pool", "", "redis: connection pool timeout"),
    ("svc.pool", "", "ERR max number of clients reached"),
    ("svc.pool", "", "r2d2: timed out waiting for connection"),
    ("svc.pool", "", "urllib3.connectionpool: Connection pool is full, discarding connection: stock"),
    ("svc.pool", "", "pgbouncer: no more connections allowed (max_client_conn)"),
    ("svc.pool", "", "MongoWaitQueueFullException: Too many operations are already waiting for a connection"),
    ("svc.429", "", "RESOURCE_EXHAUSTED: quota"),
    ("svc.429", "", "Request rate is large"),
    ("svc.429", "", "ProvisionedThroughputExceededException"),
    ("svc.429", "", "ThrottlingException: Rate exceeded"),
    ("resource.disk", "", "OSError: [Errno 28] No space left on device"),
    ("resource.disk", "", "Errno::ENOSPC"),
    ("resource.disk", "", "ERROR 1114 (HY000): The table 'orders' is full"),
    ("resource.disk", "", "Got error 28 from storage engine"),
    ("resource.disk", "", 'could not extend file "base/1/2": No space left on device'),
    ("resource.disk", "", "SQLSTATE[53100]: disk full"),
    ("resource.disk", "", "There is not enough space on the disk"),
    ("resource.disk", "", "MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk"),
    ("resource.disk", "", "flood stage disk watermark [95%] exceeded on"),
    ("resource.disk", "", "java.io.IOException: Disk quota exceeded"),
    ("resource.disk", "", "read-only file system"),
    ("resource.memory", "", "java.lang.OutOfMemoryError: GC overhead limit exceeded"),
    ("resource.memory", "", "java.lang.OutOfMemoryError: Metaspace"),
    ("resource.memory", "", "MemoryError"),
    ("resource.memory", "", "std::bad_alloc"),
    ("resource.memory", "", "System.OutOfMemoryException: Exception of type 'System.OutOfMemoryException' was thrown."),
    ("resource.memory", "", "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)"),
    ("resource.memory", "", "fatal error: runtime: out of memory"),
    ("resource.memory", "", "memory allocation of 8589934592 bytes failed"),
    ("resource.memory", "", "FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory"),
    ("resource.memory", "", "NoMemoryError: failed to allocate memory"),
    ("resource.memory", "", "OOM command not allowed when used memory > 'maxmemory'."),
    ("resource.memory", "", "SQLSTATE[53200]: out of memory"),
    ("resource.memory", "", "terminate called after throwing an instance of 'std::bad_alloc'"),
    ("runtime.crash", "", "panic: assignment to entry in nil map"),
    ("runtime.crash", "", "Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object."),
    ("runtime.crash", "", "node:internal/process/promises:288 triggerUncaughtException(err, true)"),
    ("runtime.crash", "", "Uncaught TypeError: Cannot read properties of undefined"),
    ("runtime.crash", "", "PHP Fatal error:  Uncaught Error: Call to undefined function"),
    ("runtime.crash", "", "thread 'tokio-runtime-worker' panicked at 'called `Result::unwrap()` on an `Err` value'"),
    ("runtime.crash", "", "[BUG] Segmentation fault at 0x0000"),
    ("runtime.crash", "", "SystemStackError: stack level too deep"),
    ("runtime.crash", "", "terminate called after throwing an instance of 'std::runtime_error'"),
    ("runtime.crash", "", "pure virtual method called"),
    ("runtime.crash", "", "fatal error: concurrent map writes"),
    ("runtime.crash", "", "*** stack smashing detected ***: terminated"),
    ("runtime.crash", "", "malloc(): corrupted top size"),
    ("runtime.crash", "", "Process terminated. Stack overflow."),
    ("runtime.crash", "", "EXC_BAD_ACCESS"),
    ("runtime.stuck", "", "SQLSTATE[40P01]: deadlock detected"),
    ("runtime.stuck", "", "ORA-00060: deadlock detected while waiting for resource"),
    ("runtime.stuck", "", "SQLSTATE[55P03]: lock not available"),
    ("runtime.stuck", "", "com.microsoft.sqlserver.jdbc: Transaction (Process ID 52) was deadlocked on lock resources"),
    ("runtime.stuck", "", "database is locked"),
    ("runtime.stuck", "", "sqlite3.OperationalError: database is locked"),
    ("runtime.stuck", "", "Thread pool starvation detected"),
    ("runtime.stuck", "", "java.util.concurrent.RejectedExecutionException"),
    ("runtime.stuck", "", "pymongo.errors.WriteConflict"),
    ("resource.handles", "", "accept4: too many open files"),
    ("resource.handles", "", "listen tcp :8080: bind: address already in use"),
    ("resource.handles", "", "java.lang.OutOfMemoryError: unable to create native thread"),
    ("resource.handles", "", "RuntimeError: can't start new thread"),
    ("resource.handles", "", "System.Net.Sockets.SocketException (24): Too many open files"),
    ("svc.error", "", "java.lang.NullPointerException"),
    ("svc.error", "", "KeyError: 'x'"),
    ("svc.error", "", "SQLSTATE[23505]: duplicate key value violates unique constraint"),
    ("svc.error", "", "ORA-00942: table or view does not exist"),
    ("svc.error", "", "rpc error: code = InvalidArgument desc = x"),
    ("svc.error", "", "rpc error: code = NotFound desc = x"),
    ("svc.5xx", "", "rpc error: code = Unknown desc = x"),
    ("svc.5xx", "", "HTTP 503 Service Unavailable"),
    ("svc.5xx", "", "Request failed with status code 503"),
    ("svc.5xx", "stock", "requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: http://stock/x"),
    ("svc.5xx", "", 'Grpc.Core.RpcException: Status(StatusCode="Unavailable", Detail="x")'),
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


TYPES = {
    "svc.timeout": ("psycopg2.errors.QueryCanceled", "UND_ERR_CONNECT_TIMEOUT", "57014", "TaskCanceledException", "Net::OpenTimeout"),
    "svc.reset": (
        "ECONNABORTED",
        "psycopg2.errors.AdminShutdown",
        "57P01",
        "08006",
        "PG::ConnectionBad",
        "NoHttpResponseException",
        "EOFError",
    ),
    "svc.refused": ("ENETUNREACH", "MongoServerSelectionError", "NoBrokersAvailable", "CallNotPermittedException", "08001"),
    "svc.tls": ("DEPTH_ZERO_SELF_SIGNED_CERT", "x509.UnknownAuthorityError", "ERR_TLS_CERT_ALTNAME_INVALID"),
    "svc.authz": ("JsonWebTokenError", "28P01", "42501", "InsufficientPrivilege", "SignatureDoesNotMatch", "TopicAuthorizationException"),
    "svc.pool": ("53300", "SQLTransientConnectionException", "MongoWaitQueueFullException", "KnexTimeoutError"),
    "svc.429": ("ProvisionedThroughputExceededException", "RequestLimitExceeded"),
    "resource.memory": ("NoMemoryError", "ENOMEM", "53200", "System.OutOfMemoryException"),
    "resource.disk": ("53100", "EDQUOT", "EROFS", "KafkaStorageException"),
    "resource.handles": ("EADDRINUSE", "EMFILE"),
    "runtime.crash": ("SystemStackError", "SIGABRT", "RecursionError"),
    "runtime.stuck": ("40P01", "40001", "LockNotAvailable", "SQLITE_BUSY"),
    "svc.error": ("NullPointerException", "23505", "RuntimeError", "KeyError"),
}


@pytest.mark.parametrize(("symptom_class", "error_type"), [(name, each) for name, types in TYPES.items() for each in types])
@pytest.mark.parametrize("place", ["application", "attribute"])
def test_a_type_of_error_shows_its_mechanism(symptom_class: str, error_type: str, place: str) -> None:
    event = {"id": "e", "type": "log", "severity": "error", "message": "cannot go on", "attributes": {"service.name": "orders"}}
    if place == "application":
        event |= {"application": {"level": "error", "error_type": error_type}}
    else:
        event |= {"attributes": {"service.name": "orders", "db.response.status_code": error_type}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert found.symptom_class == symptom_class


@pytest.mark.parametrize(
    ("symptom_class", "error_type", "line"),
    [
        ("svc.timeout", "ECONNABORTED", "timeout of 5000ms exceeded"),
        ("svc.dns", "MongoServerSelectionError", "getaddrinfo ENOTFOUND stock"),
        ("svc.refused", "MongoServerSelectionError", "connect ECONNREFUSED 10.1.2.3:27017"),
        ("svc.reset", "ECONNABORTED", "aborted"),
    ],
)
def test_of_a_type_that_wraps_several_mechanisms_the_line_says_which(symptom_class: str, error_type: str, line: str) -> None:
    application = {"level": "error", "error_type": error_type, "message": line}
    event = {"id": "e", "type": "log", "severity": "error", "application": application, "attributes": {"service.name": "orders"}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert found.symptom_class == symptom_class


@pytest.mark.parametrize(
    "line",
    [
        "PageNotFound : No mapping for GET /favicon.ico",
        "FileNotFoundException: settings.xml",
        "failed to openFile settings.xml",
        "numberOfServers=3 is too small",
        "createPipeline failed",
        "Could not resolve placeholder 'PRICE_TABLE' in value",
        "Failed to resolve import ./basket",
    ],
)
def test_names_of_errors_are_no_parts_of_other_words(line: str) -> None:
    event = {"id": "e", "severity": "error", "attributes": {"service.name": "cart"}, "application": {"level": "error", "message": line}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert found.symptom_class not in ("svc.dns", "svc.reset", "resource.handles", "resource.disk")


@pytest.mark.parametrize(
    "line",
    [
        "org.springframework.beans.factory.BeanCreationException: Could not resolve placeholder 'STOCK_URL' in value \"${STOCK_URL}\"",
        "KeyError: 'STOCK_URL'",
        'key not found: "STOCK_URL" (KeyError)',
        "Error: Missing required environment variable STOCK_URL",
        "STOCK_URL is not set",
        "environment variable STOCK_URL must be set",
        "required key STOCK_URL missing value",
        'env: required environment variable "STOCK_URL" is not set',
        "error: Environment variable not found: STOCK_URL.",
        "django.core.exceptions.ImproperlyConfigured: Set the STOCK_URL environment variable",
        "The config property stock.url is required but it could not be found in any config source",
        'Config validation error: "STOCK_URL" is required',
        "1 validation error for Settings stock_url Field required",
        'nginx: [emerg] unknown directive "proxy_pas" in /etc/nginx/nginx.conf:12',
        "Error: unknown flag: --max-conn",
        "Unrecognized VM option 'UseG2GC'",
        "failed to load config: open /etc/cart/config.yaml: no such file or directory",
        "yaml: unmarshal errors: line 3: cannot unmarshal !!str into int",
    ],
)
def test_a_program_says_which_setting_it_lacks_or_has_wrong(line: str) -> None:
    event = {"id": "e", "severity": "error", "attributes": {"service.name": "cart"}, "application": {"level": "error", "message": line}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert found.symptom_class == "runtime.config"


@pytest.mark.parametrize(
    "line",
    ["field name is required", "KeyError: 'price'", "user is not set up for this plan", "ORDER_REJECTED by stock", "basket is empty"],
)
def test_what_users_leave_out_is_no_setting(line: str) -> None:
    event = {"id": "e", "severity": "error", "attributes": {"service.name": "cart"}, "application": {"level": "error", "message": line}}
    data = json.dumps(event).encode()
    (found,) = CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1_700_000_000_000_000_000, trace_id="")
    assert found.symptom_class != "runtime.config"
