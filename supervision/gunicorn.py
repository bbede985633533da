"""How gunicorn serves the pages; read by `gunicorn -c python:supervision.gunicorn`."""

import os
import shutil
import tempfile
from pathlib import Path

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
# The code is loaded once and shared by the workers: a quicker start and less memory.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file of a worker must not lie on a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
control_socket_disable = True

# Every worker counts for itself; the counts meet in this folder and /metrics adds them up.
_counts = tempfile.mkdtemp(prefix="metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = _counts


def pre_fork(server, worker):
    """End the thread duckdb starts when it is loaded: a worker, which has none, would abort when it waits for it."""
    import duckdb

    duckdb.close()


def child_exit(server, worker):
    """Forget the gauges of a worker that has ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the folder of counts."""
    shutil.rmtree(_counts, ignore_errors=True)
