"""What becomes of the pages when there is a thousand times as much: `python -m bench.growth --posts 1000 --posts 1000000`.

Fills a database for each size, asks the same pages of each in turns, and tells times, numbers of queries and plans that read
more than they should. It starts a PostgreSQL of its own unless `--database` says which to use (whatever it holds is
dropped), or works on files of SQLite with `--sqlite`. `--write` puts the results into docs/performance.md.
"""
