"""How entities relate. Each relation points from the side where causes lie to the side where effects show."""

from enum import StrEnum


class Relation(StrEnum):
    """A typed, directed relation; the comment gives `from → to`."""

    OWNS = "owns"  # workload (the top owner) → pod
    HOSTS = "hosts"  # node → pod
    BACKS = "backs"  # pod → service: selected by it, or a ready address of its EndpointSlice
    MOUNTED_BY = "mounted_by"  # ConfigMap, Secret, PersistentVolumeClaim → workload whose pods mount or read it; Secret → Ingress
    CLAIMED_BY = "claimed_by"  # PersistentVolume → PersistentVolumeClaim
    SCALES = "scales"  # HorizontalPodAutoscaler → workload
    ROUTED_BY = "routed_by"  # service → Ingress, HTTPRoute or webhook configuration that sends requests to it
    CALLED_BY = "called_by"  # service called → calling service
    LIMITS = "limits"  # ResourceQuota, LimitRange, budget, NetworkPolicy, webhook, ServiceAccount → workload (or pod without one) it binds
    GRANTS = "grants"  # Role, ClusterRole and the binding of either → ServiceAccount it is bound to
    PROVISIONS = "provisions"  # StorageClass → PersistentVolumeClaim, CSIDriver → StorageClass
    ZONE_OF = "zone_of"  # zone → node
    PULLED_BY = "pulled_by"  # registry → pod whose images come from it
