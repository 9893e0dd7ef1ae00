"""What is missing is named; what root has without asking is not."""

import pytest

from headwater.edges.kernel.capabilities import Capability, effective_capabilities, missing_capabilities

NEEDED = (Capability.CAP_BPF, Capability.CAP_PERFMON)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("CapEff:\t0000000000000000", ["CAP_BPF", "CAP_PERFMON"]),
        ("CapEff:\t000000c000000000", []),
        ("CapEff:\t0000008000000000", ["CAP_PERFMON"]),
        ("CapEff:\t000001fffeffffff", []),
        ("CapEff:\t0000000000200000", []),  # CAP_SYS_ADMIN
        ("CapEff:\tnonsense", ["CAP_BPF", "CAP_PERFMON"]),
        ("", ["CAP_BPF", "CAP_PERFMON"]),
    ],
)
def test_what_is_needed_and_not_held_is_missing(line: str, expected: list[str]) -> None:
    status = f"Name:\tpython3\nCapPrm:\t000001ffffffffff\n{line}\nCapBnd:\t000001ffffffffff\n"
    assert missing_capabilities(NEEDED, effective_capabilities(status)) == expected


def test_reading_the_log_is_not_part_of_administering_the_system() -> None:
    assert missing_capabilities([Capability.CAP_SYSLOG], frozenset({Capability.CAP_SYS_ADMIN})) == ["CAP_SYSLOG"]
