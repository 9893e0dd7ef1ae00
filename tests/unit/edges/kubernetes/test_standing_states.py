"""Routes that are not taken, and namespaces that do not go."""

from tests.unit.edges.kubernetes.states import Document, document, events, reasons

SINCE = "2026-01-05T09:59:58Z"


def route(status: str, reason: str, *, kind: str = "ResolvedRefs", version: int = 2, parent: str = "edge") -> Document:
    condition = {"type": kind, "status": status, "reason": reason, "message": f"because {reason}", "lastTransitionTime": SINCE}
    return document("shop", version=version, status={"parents": [{"parentRef": {"name": parent}, "conditions": [condition]}]})


def test_a_route_whose_back_end_is_missing_says_so_once() -> None:
    fine, broken = route("True", "ResolvedRefs", version=1), route("False", "BackendNotFound")
    (event,) = events("HTTPRoute", fine, broken)
    assert (reasons([event]), event.message, event.timestamp) == (
        ["BackendNotFound"],
        "because BackendNotFound",
        "2026-01-05T09:59:58.000Z",
    )
    assert event.attributes == {"k8s.parent": "edge", "lastTransitionTime": SINCE}
    assert events("HTTPRoute", broken, route("False", "BackendNotFound", version=3)) == []
    assert reasons(events("HTTPRoute", broken, route("False", "RefNotPermitted", version=3))) == ["RefNotPermitted"]


def test_a_route_is_refused_by_each_gateway_for_itself() -> None:
    one, other = (route("False", "NoMatchingParent", kind="Accepted", parent=name) for name in ("edge", "inner"))
    assert reasons(events("HTTPRoute", one, other)) == ["NoMatchingParent"]


def test_what_is_not_decided_yet_or_no_refusal_is_no_news() -> None:
    assert events("HTTPRoute", None, route("False", "Pending", kind="Accepted")) == []
    assert events("HTTPRoute", None, route("False", "Whatever", kind="Programmed")) == []
    assert events("HTTPRoute", None, route("Unknown", "Pending")) == []


def namespace(wanted: str, *, version: int = 2, status: str = "True") -> Document:
    conditions = [
        {"type": "NamespaceFinalizersRemaining", "status": status, "reason": "SomeFinalizersRemain", "lastTransitionTime": SINCE},
        {"type": "NamespaceDeletionContentFailure", "status": "False", "reason": "ContentDeleted", "lastTransitionTime": SINCE},
    ]
    return document("old", version=version, metadata={"deletionTimestamp": wanted, "namespace": ""}, status={"conditions": conditions})


def test_a_namespace_that_should_have_gone_says_what_holds_it_and_one_that_goes_does_not() -> None:
    long_ago, just_now = "2026-01-05T09:50:00Z", "2026-01-05T09:59:50Z"
    going, held = namespace(just_now, version=1), namespace(long_ago)
    assert events("Namespace", None, going) == []
    (first,), (again,) = events("Namespace", going, held), events("Namespace", held, namespace(long_ago, version=3))
    assert reasons([first]) == ["SomeFinalizersRemain"]
    assert first.id == again.id
    assert events("Namespace", None, document("live", status={"conditions": []})) == []
