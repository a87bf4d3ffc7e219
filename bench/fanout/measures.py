"""What is measured: all sides in turns, a crowd of sockets, what one of them weighs, and those who come back."""

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.fanout.scene import Scene, Telling, median, percentile
from bench.marks import Progress

SIDES = ("harbour-uvicorn", "harbour-daphne", "bare", "socketio-uvicorn", "group-uvicorn", "group-daphne")
WARM_UP = 2  # rounds that are not counted
MISSED = 20  # posts that those who come back have not seen
FEW = 50  # sockets before memory is counted, so that what all of them share is not


@dataclass
class Turns:
    """Every side's messages to as many sockets, one after another in each round."""

    sockets: int
    heard: dict[str, list[Telling]] = field(default_factory=dict)

    def seconds(self, name: str) -> float:
        """From where the telling begins to the last read, at the median.

        For Harbour that is the hub's first write; for the others the call that tells everyone, since copying a message
        for each channel is how a group is told.
        """
        if name.startswith("harbour"):
            return median([telling.spread for telling in self.heard[name]])
        return median([telling.whole for telling in self.heard[name]])

    def rate(self, name: str) -> float:
        """Frames a second."""
        return self.sockets / self.seconds(name)

    def after_first_write(self, name: str) -> float:
        return median([telling.spread for telling in self.heard[name]])

    def whole(self, name: str) -> float:
        """From accepted to the last read, in seconds."""
        return median([telling.whole for telling in self.heard[name]])

    @property
    def frame(self) -> int:
        return self.heard["harbour-uvicorn"][-1].size


@dataclass(frozen=True)
class Crowd:
    sockets: int
    waits: Sequence[float]  # from accepted to read, of every socket and every post
    memory: float  # bytes a socket

    def at(self, hundredths: int) -> float:
        return percentile(self.waits, hundredths)


@dataclass(frozen=True)
class Return:
    sockets: int
    queries: float  # for what was missed, a socket
    joining: float  # of any kind, a socket
    seconds: float  # until the last has all it missed


def in_turns(
    environment: Mapping[str, str], cookies: Sequence[str], rounds: int, progress: Progress
) -> tuple[Turns, Return]:
    turns = Turns(len(cookies))
    with ExitStack() as stack:
        scenes = []
        for name in SIDES:
            progress.step(f"{name}: {len(cookies):,} sockets")
            scenes.append(stack.enter_context(_scene(name, environment)))
            scenes[-1].join(len(cookies), cookies if scenes[-1].side == "harbour" else ())
        for number in range(WARM_UP + rounds):
            progress.step(f"round {number + 1}")
            for scene, telling in _round(scenes).items():
                if number >= WARM_UP:
                    turns.heard.setdefault(scene, []).append(telling)
        progress.step("those who come back")
        scenes[1].leave()
        return turns, coming_back(scenes[0], cookies)


def _round(scenes: Sequence[Scene]) -> dict[str, Telling]:
    heard: dict[str, Telling] = {}
    size = 0
    for scene in scenes:
        heard[scene.name] = scene.tell(size if scene.side != "harbour" else 0)
        size = size or heard[scene.name].size
        for other in scenes:
            if other.side == scene.side == "harbour" and other is not scene:
                other.hear(heard[scene.name])  # they share a database: what follows is not to be disturbed by it
    return heard


def coming_back(scene: Scene, cookies: Sequence[str]) -> Return:
    """Everyone has gone, MISSED posts are written, and everyone comes back at once."""
    scene.leave()
    position = scene.server.ask("position")
    for _post in range(MISSED):
        last = scene.say_to_nobody()
    before = scene.server.ask("queries")
    began = time.monotonic()
    scene.join(len(cookies), cookies, f"?after=wall:{position}")
    seconds = max(scene.load.ask("await", token=last, count=len(cookies), patience=60)["times"]) - began
    joining, missed = (now - then for now, then in zip(scene.server.ask("queries"), before, strict=True))
    return Return(len(cookies), missed / len(cookies), joining / len(cookies), seconds)


def crowd(name: str, environment: Mapping[str, str], cookies: Sequence[str], posts: int, progress: Progress) -> Crowd:
    """So many sockets at once, and one post a second."""
    with _scene(name, environment) as scene:
        progress.step(f"{name}: {len(cookies):,} sockets")
        few = min(FEW, len(cookies) // 2)
        scene.join(few, cookies[:few])
        for _each in range(3):
            scene.tell()
        before = scene.server.memory()
        scene.join(len(cookies) - few, cookies[few:])
        memory = (scene.server.memory() - before) / (len(cookies) - few)
        waits: list[float] = []
        for _post in range(posts):
            progress.step(f"{name}: a post a second")
            began = time.monotonic()
            telling = scene.tell()
            waits += [read - telling.accepted for read in telling.reads]
            time.sleep(max(0.0, 1.0 - (time.monotonic() - began)))
        return Crowd(len(cookies), waits, memory)


def profile(name: str, environment: Mapping[str, str], cookies: Sequence[str]) -> str:
    """Where a server's loop spends its time while it tells everyone ten messages."""
    with _scene(name, environment) as scene:
        scene.join(len(cookies), cookies if scene.side == "harbour" else ())
        scene.tell(2000)
        scene.server.ask("profile")
        for _each in range(10):
            scene.tell(2000)
        return str(scene.server.ask("profile"))


def _scene(name: str, environment: Mapping[str, str]) -> Scene:
    return Scene(name, dict(environment) if name.startswith("harbour") else {})
