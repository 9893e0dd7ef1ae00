"""One control plane for all tests of this folder, and its way out."""

from collections.abc import Iterator

import pytest
from tests.kubernetes.control_plane import ControlPlane, reason_to_skip


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """The real thing; where it was not built, the tests say how to build it."""
    reason = reason_to_skip()
    if reason:
        pytest.skip(reason)
    with ControlPlane(tmp_path_factory.mktemp("control-plane")) as plane:
        yield plane
