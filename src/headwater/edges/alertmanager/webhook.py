"""The webhook of Alertmanager, version 4: what of it is read, checked and bounded before anything else is done with it."""

import msgspec

from headwater.model.bounds import check_depth
from headwater.model.errors import InvalidEventError
from headwater.model.times import MILLENNIUM_NS, InvalidTimeError, parse_time

ALERTS_MAX = 1_000
"""In one webhook; a longer one is refused as a whole, with what to set in Alertmanager."""
LABELS_MAX = 64
"""Of one alert; those after, by name, are left out and counted."""
VERSION = "4"


class WebhookError(ValueError):
    """The body is not a webhook that can be understood; says why and what to do."""


class Alert(msgspec.Struct, frozen=True, rename="camel"):
    """One alert of a notification."""

    status: str
    labels: dict[str, str]
    starts_at: str
    annotations: dict[str, str] = {}
    ends_at: str = ""
    generator_url: str = msgspec.field(default="", name="generatorURL")
    fingerprint: str = ""

    @property
    def name(self) -> str:
        """The name of its rule."""
        return self.labels.get("alertname", "")

    @property
    def is_resolved(self) -> bool:
        """Whether it is over."""
        return self.status == "resolved"


class Webhook(msgspec.Struct, frozen=True, rename="camel"):
    """A notification: the alerts of one group."""

    version: str
    alerts: list[Alert]
    receiver: str = ""
    truncated_alerts: int = 0


_DECODER = msgspec.json.Decoder(Webhook)


def decode_webhook(body: bytes) -> Webhook:
    """The notification in this body. Raises WebhookError."""
    try:
        check_depth(body)
        webhook = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, InvalidEventError) as error:
        raise WebhookError(f"not an Alertmanager webhook: {error}; post what webhook_configs sends") from error
    if webhook.version != VERSION:
        raise WebhookError(f"version {webhook.version[:16]!r} of the webhook is not understood: only {VERSION} is")
    if len(webhook.alerts) > ALERTS_MAX:
        raise WebhookError(
            f"{len(webhook.alerts)} alerts at once, at most {ALERTS_MAX} are taken: set max_alerts in webhook_configs, or group more finely"
        )
    for place, alert in enumerate(webhook.alerts):
        _check(alert, place)
    return webhook


def instant_of(text: str) -> int | None:
    """The instant; None for Go's zero time, which says that there is none yet. Raises WebhookError."""
    try:
        instant = parse_time(text) if text else 0
    except InvalidTimeError as error:
        raise WebhookError(str(error)) from error
    return instant if instant >= MILLENNIUM_NS else None


def _check(alert: Alert, place: int) -> None:
    if alert.status not in ("firing", "resolved"):
        raise WebhookError(f"alerts[{place}].status {alert.status[:32]!r} is neither firing nor resolved")
    if not alert.name:
        raise WebhookError(f"alerts[{place}] has no label alertname, which every alerting rule gives")
    if instant_of(alert.starts_at) is None:
        raise WebhookError(f"alerts[{place}].startsAt {alert.starts_at[:64]!r} is no time")
    instant_of(alert.ends_at)
