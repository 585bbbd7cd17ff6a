"""How the product is doing: readiness for load balancers, figures for Prometheus, and advice by `manage.py doctor`."""
