"""R1: the power is cut, and the disk forgets what was not synced. No acknowledged report is lost."""

import asyncio
import random
import shutil
import subprocess
from pathlib import Path

from bench.faults.checking import Findings
from bench.faults.load import Load
from bench.faults.results import Bench, Result
from bench.faults.site import Site
from bench.faults.truth import query

CUTS = 50
FILES = ("harbour.sqlite3", "harbour.sqlite3-wal")


async def power_cut(bench: Bench) -> list[Result]:
    """The same with SQLite told not to sync first: there something must be lost, or this would find nothing."""
    cuts = bench.share(CUTS, least=2)
    careless, _losses = await _cut(bench, "careless", min(cuts, 3), FAULTS_SYNC="OFF")
    found, broken = await _cut(bench, "careful", cuts)
    return [
        Result(
            "R1",
            "The power cut under `manage.py serve`: killed mid-write, and every file put back to what had been synced",
            bench.times(cuts, CUTS, "cuts"),
            f"{found.words()}; {broken} databases broken; with syncing switched off {len(careless.lost)} of "
            f"{careless.acked} acked were lost in {min(cuts, 3)} cuts, as they must be",
            "0 lost safety reports",
            found.clean and not broken and bool(careless.lost),
        )
    ]


async def _cut(bench: Bench, name: str, cuts: int, **environment: str) -> tuple[Findings, int]:
    """What was found, and how many times SQLite's own check found the database broken."""
    history, folder, synced = bench.history(f"power-{name}"), bench.folder / name, bench.folder / f"{name}-synced"
    synced.mkdir()
    forgetting = {"LD_PRELOAD": str(_built(bench)), "FAULTS_FORGET": f"{folder}/", "FAULTS_SYNCED": str(synced)}
    broken = 0
    with bench.embedded(name, members=6, folder=folder, **forgetting, **environment) as site:
        _put(folder, synced)
        serving = await asyncio.to_thread(site.serve)
        async with Load(site, history, writers=3) as load:
            for cut in range(cuts):
                await asyncio.sleep(0.7 + random.random())
                if cut == cuts - 1:
                    load.writing = False  # nobody writes after the last one: what it took is seen
                await asyncio.to_thread(serving.kill)
                broken += await asyncio.to_thread(_come_back, site, synced)
                serving = await asyncio.to_thread(site.serve)
            await load.settle()
        found = bench.judge(history, site)
    return found, broken


def _built(bench: Bench) -> Path:
    """Needs a C compiler; raises FileNotFoundError where there is none."""
    made = bench.folder / "forget.so"
    source = Path(__file__).with_name("forget.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", made, source, "-ldl"], check=True)
    return made


def _come_back(site: Site, synced: Path) -> bool:
    """Puts the files back to what the disk holds; returns whether SQLite finds its database broken."""
    (site.folder / "harbour.sqlite3-shm").unlink(missing_ok=True)
    _put(synced, site.folder)
    broken = query(site, "PRAGMA integrity_check") != [("ok",)]
    _put(site.folder, synced)  # whoever closes last tidies up, and this process's disk forgets nothing
    return broken


def _put(source: Path, to: Path) -> None:
    """The database's files as they are there, and no others."""
    for file in FILES:
        (to / file).unlink(missing_ok=True)
        if (source / file).exists():
            shutil.copyfile(source / file, to / file)
