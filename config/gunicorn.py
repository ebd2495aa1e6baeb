"""How gunicorn serves the site, in a trial and on a real server: ``gunicorn -c config/gunicorn.py``."""

import os

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"

# As many kept database connections a worker as it has threads.
os.environ.setdefault("DATABASE_POOL", str(threads))

timeout = 60
graceful_timeout = 10
keepalive = 5
# A recycled worker gives memory back; the jitter keeps them from going at the same moment.
max_requests, max_requests_jitter = 20_000, 2_000
limit_request_line = 8190
loglevel = "warning"
control_socket_disable = True  # it would write into the home folder
