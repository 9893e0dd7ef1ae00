"""
The Alertmanager edge: alerts as they are told, by webhook, to observations.

`AlertReceiver(store, now)` (receiver.py) handles the body of a webhook v4 (webhook.py); each alert becomes one event (translate.py), whose
trouble began its rule's pending time earlier (pending_times.py).
"""
