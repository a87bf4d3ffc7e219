"""Reads the environment and says in a sentence what is missing or unsafe. Nothing else reads os.environ."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environs
from django.core.exceptions import ImproperlyConfigured
from marshmallow.validate import OneOf

from config.opening_hours import Opening, parse_opening_hours

NAMES = ("demo", "production", "test")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
KEY_LENGTH = 50  # characters
TOKEN_LENGTH = 32  # likewise


class Environment:
    """The switches of one process. `name` is `demo`, `production` or `test`."""

    def __init__(self, base_dir: Path) -> None:
        self._env = environs.Env()
        self.name: str = self._env.str("HARBOUR_ENV", "demo", validate=OneOf(NAMES))
        default = base_dir / "var" / "test" if self.name == "test" else base_dir / "var"
        self.data_dir: Path = self._env.path("HARBOUR_DATA_DIR", default)

    @property
    def production(self) -> bool:
        return self.name == "production"

    def text(self, name: str, *, default: str) -> str:
        return self._env.str(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        return self._env.bool(name, default)

    def whole_number(self, name: str, *, default: int) -> int:
        return self._env.int(name, default)

    def percent(self, name: str, *, default: int) -> int:
        share: int = self._env.int(name, default)
        if not 0 <= share <= 100:
            raise ImproperlyConfigured(f"{name} holds {share}. Write a whole number from 0 to 100.")
        return share

    def some_of(self, name: str, known: frozenset[str]) -> frozenset[str]:
        """Words with commas between, none to begin with."""
        given: list[str] = self._env.list(name, [])
        chosen = frozenset(word.strip() for word in given) - {""}
        if strange := chosen - known:
            raise ImproperlyConfigured(f"{name} holds {sorted(strange)}. It may hold {', '.join(sorted(known))}.")
        return chosen

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """One of some words; the first when nothing is set."""
        given: str = self._env.str(name, "") or known[0]
        if given not in known:
            raise ImproperlyConfigured(f"{name} holds {given!r}. It may hold one of {', '.join(known)}.")
        return given

    def opening_hours(self, name: str, *, default: str) -> tuple[Opening, ...]:
        """Days and hours, such as `Mon-Fri 09:00-17:00, Sat 10:00-12:00`."""
        try:
            return parse_opening_hours(self._env.str(name, "").strip() or default)
        except ValueError as unread:
            raise ImproperlyConfigured(
                f"{name}: {unread}. Write days and hours such as Mon-Fri 09:00-17:00, with commas between several."
            ) from unread

    def web_address(self, name: str, *, default: str) -> str:
        """A whole address on the web: half of one would lead back to this site."""
        address = self._env.str(name, default)
        if urlsplit(address).scheme not in {"http", "https"} or not urlsplit(address).hostname:
            raise ImproperlyConfigured(f"{name} holds {address!r}. Write a whole address, such as {default}")
        return address

    def reply_address(self, name: str) -> str:
        """An address with `{token}` once in its local part; "" where answers by mail are not read."""
        address = self.text(name, default="").strip()
        local, _at, domain = address.partition("@")
        if address and (local.count("{token}") != 1 or not domain or "{" in domain or len(local) > 30):
            raise ImproperlyConfigured(f"{name} must look like reply+{{token}}@example.org")
        return address

    def key(self, name: str) -> str:
        """A secret of at least 50 characters. Outside production one is made once and kept in the data directory."""
        return _long_enough(name, self._given_or_kept(name))

    def token(self, name: str) -> str:
        """What somebody brings to be let in; "" where nobody is."""
        token = self.text(name, default="").strip()
        if token and len(token) < TOKEN_LENGTH:
            raise ImproperlyConfigured(
                f"{name} is short. Set it to {TOKEN_LENGTH} characters or more, or leave it empty."
            )
        return token

    def keys(self, name: str) -> list[str]:
        """As `key`, or several with commas between, the newest first, while one takes the place of another."""
        return [_long_enough(name, key.strip()) for key in self._given_or_kept(name).split(",")]

    def origins(self, name: str) -> list[str]:
        """Whole origins this site answers on. The socket admits these and nothing like them."""
        port = self._env.int("PORT", 8000)
        fallback = [] if self.production else [f"http://127.0.0.1:{port}", f"http://localhost:{port}"]
        origins = [origin.rstrip("/") for origin in self._env.list(name, fallback)]
        if not origins:
            raise ImproperlyConfigured(
                f"{name} is missing. Set it to the site's address, such as https://harbour.example.org"
            )
        for origin in origins:
            if "*" in origin or urlsplit(origin).scheme not in {"http", "https"} or not urlsplit(origin).hostname:
                raise ImproperlyConfigured(
                    f"{name} holds {origin!r}. Write whole addresses, such as https://harbour.example.org"
                )
        return origins

    def hosts(self, origins: list[str]) -> list[str]:
        """The host names of the origins, and those of HARBOUR_HOSTS besides."""
        named = {_host_of(origin) for origin in origins} | set(self._env.list("HARBOUR_HOSTS", []))
        if self.name == "demo" and named - LOOPBACK - {"[::1]"}:
            raise ImproperlyConfigured(
                "The demo answers on this machine alone, because everybody knows its passwords. "
                "Leave HARBOUR_ORIGINS and HARBOUR_HOSTS empty, or set HARBOUR_ENV=production."
            )
        return sorted(named)

    def database(self, name: str) -> dict[str, Any]:
        """SQLite in the data directory, tuned for one process that must not lose a row; or the URL's PostgreSQL."""
        if not self._env.str(name, ""):
            return _sqlite(self._made_data_dir() / "harbour.sqlite3")
        named: dict[str, Any] = self._env.dj_db_url(name)
        if named["ENGINE"] != "django.db.backends.postgresql":
            raise ImproperlyConfigured(
                f"{name} names no PostgreSQL. Set it to postgres://user:password@host/name, or leave it empty."
            )
        # A pool that has lost its connections waits longer and longer before it tries again, as long as the database was
        # away: by giving up early it begins anew at the next request.
        pool = {"min_size": 2, "max_size": 12, "timeout": 2, "reconnect_timeout": 2}  # seconds
        options = {**named.get("OPTIONS", {}), "pool": pool}
        named["ENGINE"] = "config.postgresql"  # Django's own, with locks that fit foreign keys
        # The pool keeps connections, so Django must not as well; and it looks at each before it lends it, or else a restart
        # of PostgreSQL would cost as many refusals as the pool had connections.
        return {**named, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}

    def cache(self, redis_url: str) -> dict[str, Any]:
        if redis_url:
            return {"BACKEND": "config.cache.RedisOrMemory", "LOCATION": redis_url}
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}

    def fragment_cache(self, redis_url: str) -> dict[str, Any]:
        """For what can be drawn again, apart from what counts: drawn articles must never push out the limits' counters."""
        if not redis_url:
            return {**self.cache(""), "LOCATION": "fragments", "OPTIONS": {"MAX_ENTRIES": 2_000}}
        patience = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}  # seconds; drawing is quicker than waiting
        return {**self.cache(redis_url), "KEY_PREFIX": "fragments", "OPTIONS": patience}

    def static_storage(self) -> str:
        if self.name == "test":
            return "django.contrib.staticfiles.storage.StaticFilesStorage"
        return "config.static.ModuleManifestStorage"

    def mail_transport(self, url: str) -> dict[str, Any]:
        """Keyword arguments for django.core.mail.get_connection, for the clock that sends what is waiting."""
        if self.name == "test" and not url:
            return {"backend": "django.core.mail.backends.locmem.EmailBackend"}
        if not url:
            return {"backend": "django.core.mail.backends.console.EmailBackend"}
        parsed = environs.Env().dj_email_url("HARBOUR_MAIL_URL", url)
        return {
            "backend": "django.core.mail.backends.smtp.EmailBackend",
            "host": parsed["EMAIL_HOST"],
            "port": parsed["EMAIL_PORT"],
            "username": parsed["EMAIL_HOST_USER"],
            "password": parsed["EMAIL_HOST_PASSWORD"],
            "use_tls": parsed["EMAIL_USE_TLS"],
            "use_ssl": parsed["EMAIL_USE_SSL"],
            "timeout": 10,
        }

    def refuse_what_is_unsafe(
        self, *, hosts: list[str], redis_url: str, processes: int, mail_url: str, debug: bool
    ) -> None:
        """Raises ImproperlyConfigured with what to set, for what production must never run with."""
        if not self.production:
            return
        if any("*" in host or host.startswith(".") for host in hosts):
            raise ImproperlyConfigured(
                "HARBOUR_HOSTS holds '*' or a whole domain. Name each host, so that links in mail cannot be forged."
            )
        if processes > 1 and not redis_url:
            raise ImproperlyConfigured(
                "HARBOUR_PROCESSES is above 1 and HARBOUR_REDIS_URL is empty: processes could not ring one another. "
                "Set HARBOUR_REDIS_URL, or run one process."
            )
        if not mail_url:
            raise ImproperlyConfigured(
                "HARBOUR_MAIL_URL is missing, so nobody could sign up or be woken. "
                "Set it to smtp://user:password@host:587?tls=True"
            )
        if debug:
            raise ImproperlyConfigured("HARBOUR_DEBUG is on. Production never shows a trace; switch it off.")

    def _given_or_kept(self, name: str) -> str:
        value = self._env.str(name, "")
        if value or self.production:
            return value
        return _kept_secret(self._made_data_dir() / f"{name.removeprefix('HARBOUR_').lower()}.txt")

    def _made_data_dir(self) -> Path:
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.data_dir


def _host_of(origin: str) -> str:
    host = urlsplit(origin).hostname or ""
    return f"[{host}]" if ":" in host else host


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,  # seconds
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
            ),
        },
    }


def whole_environment(**more: str) -> dict[str, str]:
    """For a program that we start: what this process was given, and more."""
    return {**os.environ, **more}


def _long_enough(name: str, key: str) -> str:
    if len(key) < KEY_LENGTH:
        raise ImproperlyConfigured(
            f"{name} is missing or short. Set it to {KEY_LENGTH} characters or more that nobody can guess, for "
            f"example the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def _kept_secret(path: Path) -> str:
    """Made once: of two processes that start together, the second takes the first one's."""
    if not path.exists():
        mine = path.with_suffix(f".{os.getpid()}")
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(KEY_LENGTH))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text().strip()
