"""`make audit`: every package that is locked, held against the known holes. Ends with 1 when one has any, or could not be asked about.

pip-audit asks PyPI; what follows on the command line is handed on (`-s osv` asks osv.dev). Nothing is installed or resolved for
it: the files have every version and hash. It is strict, because a package that nobody could ask about is not a package
without holes.
"""

import subprocess
import sys

from tools.locked import BENCH, ROOT, SERVES, SERVICES, TESTS

STRICT = ("--strict", "--require-hashes", "--disable-pip", "--progress-spinner", "off")


def main() -> int:
    ended = 0
    for name in (SERVES, TESTS, SERVICES, BENCH):
        command = [sys.executable, "-m", "pip_audit", *STRICT, "--requirement", name, *sys.argv[1:]]
        done = subprocess.run(command, cwd=ROOT, check=False)
        print(f"{name}: {'nothing known' if done.returncode == 0 else 'NOT CLEAN, or not asked'}", flush=True)
        ended |= done.returncode != 0
    return ended


if __name__ == "__main__":
    sys.exit(main())
