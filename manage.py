#!/usr/bin/env python
"""JKN Office's command line: `manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run one management command, as named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jknoffice.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
