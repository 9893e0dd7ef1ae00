"""What the text of a host says."""

import pytest

from headwater.topology.hosts import Host, parse_host

MYSQL = Host("mysql", service="mysql")


@pytest.mark.parametrize(
    "text", ["mysql", "mysql.", "MySQL:3306", "mysql:", "tcp://mysql:3306", "http://user:secret@mysql/path?x=1", "dns:///mysql:80"]
)
def test_scheme_port_path_and_case_do_not_matter(text: str) -> None:
    assert parse_host(text) == MYSQL


def test_a_name_of_the_cluster_says_its_namespace() -> None:
    for text in ("mysql.shop.svc", "mysql.shop.svc.cluster.local", "mysql.shop.svc.cluster.local.:3306"):
        host = parse_host(text)
        assert (host.service, host.namespace, host.is_cluster_name) == ("mysql", "shop", True)


def test_two_labels_may_be_a_service_and_its_namespace_or_a_domain() -> None:
    host = parse_host("mysql.shop")
    assert (host.service, host.namespace, host.is_cluster_name) == ("mysql", "shop", False)


def test_a_pod_of_a_headless_service_has_a_name_of_its_own() -> None:
    host = parse_host("mysql-0.mysql.shop.svc.cluster.local")
    assert (host.pod, host.service, host.namespace) == ("mysql-0", "mysql", "shop")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("10.0.0.1:80", "10.0.0.1"),
        ("[fd00::1]:80", "fd00::1"),
        ("fd00::1", "fd00::1"),
        ("10-0-0-1.shop.pod.cluster.local", "10.0.0.1"),
    ],
)
def test_an_address_is_one_however_it_is_written(text: str, address: str) -> None:
    assert parse_host(text).address == address


def test_other_hosts_are_only_their_name() -> None:
    assert parse_host("db.eu.example.com:5432") == Host("db.eu.example.com")
    assert parse_host("") == Host("")
    assert len(parse_host("x" * 5_000).full) == 1_024
