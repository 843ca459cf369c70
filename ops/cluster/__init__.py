"""A private PostGIS cluster: own folder, own socket, own port, never root, never the system's."""

from ops.cluster.server import Cluster, ClusterError
from ops.cluster.watching import kept_running

__all__ = ["Cluster", "ClusterError", "kept_running"]
