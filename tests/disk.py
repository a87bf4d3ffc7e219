"""What stands in the bytes of the embedded mode's files."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

READ = "import sys, pathlib; [sys.stdout.buffer.write(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]]"


def bytes_of_database() -> bytes:
    """The database's file and its write-ahead log, as they are on the disk.

    Read by another process: closing any descriptor of a file drops every POSIX lock this process holds on it, SQLite's own
    among them, and the next process to close would take itself for the last and delete the log under us
    (sqlite.org/howtocorrupt.html, 2.2).
    """
    files = [Path(f"{settings.DATABASES['default']['NAME']}{end}") for end in ("", "-wal")]
    present = [str(file) for file in files if file.exists()]
    return subprocess.run([sys.executable, "-c", READ, *present], capture_output=True, check=True, timeout=60).stdout
