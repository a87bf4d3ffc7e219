import argparse

from bench.growth import databases

SIZES = (1_000, 100_000, 1_000_000)


def main() -> None:
    asked = _arguments()
    with databases.begun(asked.database, sqlite=asked.sqlite):
        from bench.growth import telling
        from bench.growth.growing import grow

        grown = grow(sorted(set(asked.posts or SIZES)), asked.rounds)
        telling.tell(grown)
        if asked.write:
            telling.write(grown)
        raise SystemExit(not telling.is_kept(grown))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description="How pages fare as the place grows.")
    parser.add_argument("--posts", type=int, action="append", help="posts and replies; may be given several times")
    parser.add_argument("--database", default="", help="URL of a PostgreSQL; its databases harbour_… are dropped")
    parser.add_argument("--sqlite", action="store_true", help="on files of SQLite")
    parser.add_argument("--rounds", type=int, default=40, help="of each page in each database")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its picture")
    return parser.parse_args()


if __name__ == "__main__":
    main()
