"""The scale mode on one machine: nginx, two processes with pages, two with sockets, two clocks. Databases are somebody else's."""

import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.fleet import nginx
from tools.fleet.processes import NotStarted, Process, answers, free_port, listen

SERVERS = ("daphne", "uvicorn")
PAGES = CLOCKS = 2


class Fleet:
    """`environment` has HARBOUR_DATABASE_URL, HARBOUR_REDIS_URL and HARBOUR_DATA_DIR; `port` is nginx's.

    `servers`: one process with sockets for each name. With `logs`, each process prints into a file there.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        port: int = 0,
        servers: Sequence[str] = SERVERS,
        logs: Path | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._logs = logs
        self._static = Path(environment["HARBOUR_DATA_DIR"]) / "static"
        self._environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUNBUFFERED": "1",
            **environment,
            "PORT": str(self.port),
            "HARBOUR_PROCESSES": str(PAGES + len(servers)),
            "HARBOUR_TRUSTED_PROXIES": "1",
            "HARBOUR_SOURCE_PORT_HEADER": "X-Source-Port",
        }
        self._listeners: list[socket.socket] = []
        self.pages = [self._page(number) for number in range(PAGES)]
        self.sockets = [self._socket(server) for server in servers]
        self.clocks = [self._process(f"clock-{number}", "manage.py", "clock") for number in range(CLOCKS)]
        self.nginx = self._nginx(folder / "nginx")
        self.processes = [*self.pages, *self.sockets, *self.clocks, self.nginx]

    def start(self) -> None:
        """Collect the static files, start everything, and return when all of it answers. Raises NotStarted."""
        self._manage("collectstatic", "--noinput", "--verbosity", "0")
        for process in self.processes:
            process.start()
        for process in self.processes:
            process.wait_until_it_answers()
        self.nginx.wait_until(lambda: answers(self.port, "/readyz"))

    def restart(self, process: Process) -> None:
        """As `systemctl restart` does: it ends well, and another takes its place."""
        process.stop()
        process.start()
        process.wait_until_it_answers()

    def reload(self, process: Process) -> None:
        """New code for pages: gunicorn starts new workers before the old ones go."""
        process.tell(signal.SIGHUP)

    def stop(self) -> None:
        """Whoever is in front first. Safe to call for a fleet that has not started whole."""
        for group in ([self.nginx], [*self.pages, *self.sockets, *self.clocks]):
            started = [process for process in group if process._running]
            for process in started:
                process.tell(signal.SIGTERM)
            for process in started:
                process.wait()
        for listener in self._listeners:
            listener.close()

    def ended(self) -> list[Process]:
        """Those that should run and do not."""
        return [process for process in self.processes if process.running.poll() is not None]

    def _page(self, number: int) -> Process:
        listener = listen(0)
        self._listeners.append(listener)
        process = self._process(
            f"pages-{number}", "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi"
        )
        process.listener, process.port = listener, listener.getsockname()[1]
        return process

    def _socket(self, server: str) -> Process:
        port = free_port()
        process = self._process(
            f"sockets-{server}-{port}", "manage.py", "sockets", "--server", server, "--port", str(port)
        )
        process.port = port
        return process

    def _nginx(self, folder: Path) -> Process:
        ports = {"pages": [one.port for one in self.pages], "sockets": [one.port for one in self.sockets]}
        command = nginx.command(folder, port=self.port, static=self._static, **ports)
        return Process("nginx", command, {}, port=self.port, log=self._log_of("nginx"))

    def _process(self, name: str, *words: str) -> Process:
        return Process(name, [sys.executable, *words], self._environment, log=self._log_of(name))

    def _log_of(self, name: str) -> Path | None:
        return self._logs / f"{name}.log" if self._logs else None

    def _manage(self, *words: str) -> None:
        command = Process("manage.py", [sys.executable, "manage.py", *words], self._environment)
        command.start()
        if command.running.wait(120):
            raise NotStarted(f"manage.py {words[0]} failed")
