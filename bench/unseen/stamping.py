"""The times that programs write into their own lines, in the form of each, as the collector's time has it."""

import re
from datetime import datetime

from bench.unseen.events import Event
from bench.unseen.telemetry import Recording

MICROSECONDS, MILLISECONDS = 6, 3

_FORMS = tuple(
    (re.compile(pattern), form, digits)
    for pattern, form, digits in (
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}", "%Y-%m-%dT%H:%M:%S.", MICROSECONDS),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}", "%Y-%m-%dT%H:%M:%S.", MILLISECONDS),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "%Y-%m-%dT%H:%M:%S", 0),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", "%Y-%m-%d %H:%M:%S.", MILLISECONDS),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "%Y-%m-%d %H:%M:%S,", MILLISECONDS),
        (r"\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d\.\d{6}", "%Y.%m.%d %H:%M:%S.", MICROSECONDS),
        (r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{6}", "%Y/%m/%d %H:%M:%S.", MICROSECONDS),
        (r"\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3}", "%d %b %Y %H:%M:%S.", MILLISECONDS),
        (r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\.\d{3}", "%d/%b/%Y:%H:%M:%S.", MILLISECONDS),
        (r"(?<=^[EFIW])\d{6} \d\d:\d\d:\d\d\.\d{6}", "%y%m%d %H:%M:%S.", MICROSECONDS),
        (r"(?<=^[EFIW])\d{4} \d\d:\d\d:\d\d\.\d{6}", "%m%d %H:%M:%S.", MICROSECONDS),
        (r'(?<=time":")-', "%Y-%m-%dT%H:%M:%S.", MILLISECONDS),
        (r'(?<=timestamp":")-', "%Y-%m-%dT%H:%M:%S.", MILLISECONDS),
    )
)
"""What stands for a time in a line, how it is written, and with how many digits of a second."""


def stamp(recording: Recording) -> None:
    """Every line of a log bears the time at which it is written."""
    for event in recording.in_order():
        if event["type"] == "log":
            _stamp(event)


def _stamp(event: Event) -> None:
    moment = datetime.fromisoformat(event["timestamp"])
    line = event["message"]
    for pattern, form, digits in _FORMS:
        written = moment.strftime(form) + f"{moment.microsecond:06d}"[:digits]
        line, count = pattern.subn(written, event["message"], count=1)
        if count:
            break
    event["message"] = event["application"]["message"] = line
