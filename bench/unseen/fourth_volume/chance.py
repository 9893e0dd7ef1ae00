"""What else goes on in the clusters of the fourth volume and has nothing to do with what fails."""

from bench.unseen.telemetry import Recording


def settings_edited(r: Recording, config: str, namespace: str, key: str, at: float = -60.0) -> None:
    """Somebody edits a ConfigMap that its readers read only when they start."""
    r.change(at, r.of("ConfigMap", config, namespace), f"data changed: {key}", "config", [key])


def certificate_renewed(r: Recording, name: str, namespace: str, at: float = -90.0) -> None:
    """A certificate of something else is renewed in good time."""
    about = r.of("Certificate", name, namespace)
    r.normal(at, about, "Issuing", "Renewing certificate as renewal was scheduled", "cert-manager-certificates-trigger")
    r.normal(at + 6, about, "Issuing", "The certificate has been successfully issued", "cert-manager-certificates-issuing")
    r.change(at + 6.2, r.of("Secret", name, namespace), "data changed: tls.crt, tls.key", "secret", ["tls.crt", "tls.key"])


def filling_in_days(r: Recording, claim: str, namespace: str, at: float = -100.0) -> None:
    """A volume that will be full by the end of the week."""
    summary = f"Based on recent sampling, the PersistentVolume claimed by {claim} in Namespace {namespace} is expected to fill up within four days. Currently 13.8% is available."  # noqa: E501
    r.alert(at, "KubePersistentVolumeFillingUp", summary, pending="1h", namespace=namespace, persistentvolumeclaim=claim)


def operator_reconciles(r: Recording, kind: str, name: str, namespace: str, field: str, at: float = -45.0) -> None:
    """A custom resource is edited in a part that nothing depends on now."""
    r.change(at, r.of(kind, name, namespace), f"spec changed: {field}", "spec", [field])


def replicas_lag(r: Recording, app: str, at: float = -30.0) -> None:
    """A tool that compares what is declared with what is says that an app differs, as it has for days."""
    about = r.of("Application", app, "argocd")
    r.event(
        at,
        about,
        "ResourceUpdated",
        "Updated sync status: Synced -> OutOfSync",
        warning=False,
        component="argocd-application-controller",
        count=88,
        since=-86_400.0 * 4,
    )
