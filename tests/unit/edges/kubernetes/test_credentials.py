"""Credentials as kubectl has them, and as a pod is given them."""

import ssl
from pathlib import Path

import pytest

from headwater.edges.kubernetes.credentials import PodAccount, find_credentials
from headwater.edges.kubernetes.errors import CredentialsError

KUBECONFIG = """
apiVersion: v1
kind: Config
current-context: here
clusters: [{name: one, cluster: {server: "http://127.0.0.1:6443/"}}, {name: two, cluster: {server: "http://127.0.0.2:6443"}}]
contexts: [{name: here, context: {cluster: one, user: me}}, {name: there, context: {cluster: two, user: plugin}}]
users:
  - {name: me, user: {token: sesame}}
  - name: plugin
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: /bin/echo
        interactiveMode: Never
        args: ['{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "from-plugin"}}']
"""


async def test_a_token_of_a_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "config").write_text(KUBECONFIG)
    credentials = await find_credentials(str(tmp_path / "config"), "", {})
    assert credentials.server == "http://127.0.0.1:6443"
    assert await credentials.headers() == {"Authorization": "Bearer sesame"}


async def test_a_plug_in_of_another_context_is_asked_again_when_the_server_refuses(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(KUBECONFIG)
    credentials = await find_credentials(str(file), "there", {})
    assert credentials.server == "http://127.0.0.2:6443"
    assert await credentials.headers() == {"Authorization": "Bearer from-plugin"}
    file.write_text(KUBECONFIG.replace("from-plugin", "renewed"))
    assert await credentials.headers() == {"Authorization": "Bearer from-plugin"}
    credentials.expire()
    assert await credentials.headers() == {"Authorization": "Bearer renewed"}


async def test_a_file_that_is_not_there_or_no_kubeconfig_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CredentialsError, match=r"there is no kubeconfig .*; name one"):
        await find_credentials(str(tmp_path / "none"), "", {})
    (tmp_path / "config").write_text("apiVersion: v1\nkind: Config\n")
    with pytest.raises(CredentialsError, match="cannot be used"):
        await find_credentials(str(tmp_path / "config"), "", {})


@pytest.fixture
def account_folder(tmp_path: Path) -> Path:
    """Where a kubelet would mount the account: with the machine's own authorities."""
    authority = Path(ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt")
    if not authority.is_file():
        pytest.skip("this machine has no certificates to take one from")
    (tmp_path / "ca.crt").write_bytes(authority.read_bytes())
    return tmp_path


async def test_the_token_of_a_pod_is_read_again_when_the_server_refuses_it(account_folder: Path) -> None:
    (account_folder / "token").write_text("one\n")
    account = PodAccount({"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}, account_folder)
    assert account.server == "https://[fd00::1]:443"
    assert await account.headers() == {"Authorization": "Bearer one"}
    (account_folder / "token").write_text("two\n")
    account.expire()
    assert await account.headers() == {"Authorization": "Bearer two"}
