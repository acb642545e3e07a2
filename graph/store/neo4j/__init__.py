"""The store on a Neo4j server, 5.26 or later: for a team, for Cypher, Neo4j Browser and Bloom."""

from graph.store.neo4j.address import SCHEMES
from graph.store.neo4j.store import Neo4jStore

__all__ = ["SCHEMES", "Neo4jStore"]
