"""A Neo4j Community server without Docker, for developers, tests and small teams."""
