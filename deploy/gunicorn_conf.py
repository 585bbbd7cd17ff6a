"""gunicorn: `gunicorn -c deploy/gunicorn_conf.py jknoffice.wsgi`. The environment says what differs."""

import os

bind = os.environ.get("JKN_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("JKN_WEB_PROCESSES", "2"))
threads = int(os.environ.get("JKN_WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 30
graceful_timeout = 20
# Memory that leaks anywhere is given back now and then, not by all processes at the same time.
max_requests, max_requests_jitter = 20_000, 2_000
# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108 - memory, not a shared disk
# A line for each request is written by the application, without addresses and queries.
accesslog = None
control_socket_disable = True
