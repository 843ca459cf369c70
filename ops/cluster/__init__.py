"""A private PostGIS cluster: own folder, own socket, own port, never root, never the system's."""

from ops.cluster.server import Cluster, ClusterError

__all__ = ["Cluster", "ClusterError"]
