"""How JKN Office is deployed: docs/deployment.md."""
