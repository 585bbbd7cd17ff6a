"""App configuration of the demo."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Made-up people and their log-ins, for development and tests; has no tables."""

    name = "jknoffice.demo"
    label = "demo"
