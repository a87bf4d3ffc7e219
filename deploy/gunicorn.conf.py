"""Pages under gunicorn: `gunicorn --config deploy/gunicorn.conf.py config.wsgi`.

One worker each, because one Python uses one core: run as many of these as there are cores. `bind` is for where nobody hands
over a listening socket, as systemd does.
"""

import os

bind = os.environ.get("HARBOUR_BIND", "127.0.0.1:8001")
workers = 1
worker_class = "gthread"
threads = 8  # below the 12 connections of a process's pool
timeout = 30  # seconds without a sign of life; a worker that hangs is replaced
graceful_timeout = 30  # seconds for pages that were asked for before a restart
keepalive = 0  # a form sent down a line that is just being closed would be lost
backlog = 2048  # requests that wait while a restart is under way
limit_request_line = 8190
limit_request_fields = 60
worker_tmp_dir = "/dev/shm"  # noqa: S108  a disk that stalls must not look like a worker that hangs
control_socket_disable = True
proc_name = "harbour-pages"
