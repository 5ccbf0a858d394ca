"""Every byte of every component by the name that the specs give it."""

from cqlite.inspect.claims import Claim, claims, on_disk_claims
from cqlite.inspect.components import component_source, other_components
from cqlite.inspect.tree import Node

__all__ = ["Claim", "Node", "claims", "component_source", "on_disk_claims", "other_components"]
