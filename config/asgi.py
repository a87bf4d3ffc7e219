"""Both doors: pages over HTTP, and the one socket at /ws/. Runs under daphne and uvicorn alike and imports neither."""

import os
from typing import Any

from channels.routing import ProtocolTypeRouter

from config.pages import get_pages_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_pages_application()

from realtime.consumers import site_socket  # noqa: E402  needs the apps that the line above has loaded
from realtime.handshake import known_origins, without_root_path  # noqa: E402

application: Any = without_root_path(ProtocolTypeRouter({"http": pages, "websocket": known_origins(site_socket)}))
