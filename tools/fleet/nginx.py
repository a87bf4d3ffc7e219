"""nginx in front of a fleet on one machine: its own main file, and the rules of deploy/nginx as they are."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tools.fleet.processes import ROOT

RULES = ROOT / "deploy/nginx"
PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")  # not on everybody's PATH

MAIN = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 20000; }}
http {{
    types {{ text/css css; text/javascript js; image/svg+xml svg; font/woff2 woff2; font/ttf ttf; }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {rules}/http.conf;
    upstream harbour_pages {{ least_conn; {pages} }}
    upstream harbour_sockets {{ least_conn; {sockets} }}
    server {{
        listen 127.0.0.1:{port};
        set $harbour_static {static}/;
        include {rules}/server.conf;
    }}
}}
"""


class NoNginx(Exception):
    """It is not installed."""


def command(folder: Path, *, port: int, pages: Iterable[int], sockets: Iterable[int], static: Path) -> list[str]:
    """Writes nginx's files into `folder` and returns what starts it in the foreground. Raises NoNginx."""
    folder.mkdir(parents=True, exist_ok=True)
    main = folder / "nginx.conf"
    main.write_text(
        MAIN.format(
            user="user root;" if os.geteuid() == 0 else "",  # else its workers could not read what root has collected
            folder=folder,
            rules=RULES,
            pages=_servers(pages),
            sockets=_servers(sockets),
            port=port,
            static=static,
        )
    )
    return [binary(), "-e", "stderr", "-p", str(folder), "-c", str(main)]


def binary() -> str:
    found = shutil.which("nginx") or next((place for place in PLACES if Path(place).exists()), None)
    if found is None:
        raise NoNginx("nginx is not installed (Debian: apt-get install nginx-light)")
    return found


def _servers(ports: Iterable[int]) -> str:
    return " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
