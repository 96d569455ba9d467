"""Called by scripts/bench engine: what the runner itself costs, beside make, ninja and doit.

Ours: the nine stages on a table so large that the tables between them are about 10 MB each; from a run's wall time
the time in which a stage was executing is taken off, so that what is left is the engine's. The peers: eight stages of
10 MB in the same shape (ingest, clean, resample, train, segment, evaluate, rank, report), each a copy. Beside them the
same eight as stages of ours of kind command, with the peers' own recipe. In turn; medians.
"""
import json, os, shutil, sqlite3, statistics, subprocess, sys, time
from datetime import datetime
from pathlib import Path

work, customers, turns = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
holdfast = os.environ["HOLDFAST"]
tools = Path(sys.executable).parent
SHAPE = {
    "ingest": ["raw"], "clean": ["ingest"], "resample": ["clean"], "train": ["resample"], "segment": ["clean"],
    "evaluate": ["train", "clean"], "rank": ["parameter", "train", "segment"], "report": ["rank", "evaluate"]}


def timed(command, folder):
    """Wall and CPU milliseconds of a command, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    out, errors = process.communicate()
    wall = time.perf_counter() - start
    if process.returncode != 0:
        sys.exit(f"bench: {command} ended with {process.returncode}\n{out[-2000:]}{errors[-2000:]}")
    return wall * 1000, out


def cpu(act):
    before = os.times()
    wall, out = act()
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, used * 1000, out


class Ours:
    name = "Holdfast"

    def __init__(self):
        self.folder = work / "ours"
        self.folder.mkdir()
        timed([holdfast, "sample", "--customers", customers, "--seed", 1, "--output", "customers.csv", "--truth",
               "../truth.csv"], self.folder)
        timed([holdfast, "init", ".", "--data", "customers.csv"], self.folder)
        path = self.folder / "pipeline.json"
        path.write_text(path.read_text().replace(
            '"parameters": {', '"parameters": {\n    "train": {"learners": ["boosting"]},', 1))
        self.source = self.folder / "customers.csv"
        self.rate = 0.25

    def change(self):
        self.rate += 0.01
        return ["--set", f"rank.saveRate={self.rate:.2f}"]

    def run(self, *words):
        """A run; the milliseconds in which no stage was executing."""
        wall, used, out = cpu(lambda: timed([holdfast, "run", "--json", "--threads", 2, *words], self.folder))
        database = sqlite3.connect(f"file:{self.folder}/artifacts/catalog.sqlite?mode=ro", uri=True)
        spans = []
        for ended, seconds in database.execute(
            "SELECT ended_at, seconds FROM stage_run WHERE status = 'good'"
            " AND run_id = (SELECT id FROM run ORDER BY seq DESC LIMIT 1)"):
            end = datetime.fromisoformat(ended.replace("Z", "+00:00")).timestamp()
            spans.append((end - seconds, end))
        database.close()
        busy, last = 0.0, 0.0
        for start, end in sorted(spans):
            busy += max(0.0, end - max(start, last))
            last = max(last, end)
        events = [json.loads(line) for line in out.splitlines()]
        return wall, used, wall - busy * 1000, sum(1 for event in events if event.get("action") == "ran")

    def again(self, kind):
        if kind == "one parameter":
            words = self.change()
            result = self.run(*words)
            if words:
                self.run()
            return result
        if kind == "source touched":
            os.utime(self.source)
        return self.run()


class Commands(Ours):
    """The peers' eight stages as commands of ours; other names, since the peers' are those of stages built in."""
    name = "Holdfast, commands"

    def __init__(self):
        self.folder = work / "commands"
        self.folder.mkdir()
        self.source = raw(self.folder)
        declare(self.folder)

    def change(self):
        path = self.folder / "parameter"
        path.write_text(str(int(path.read_text()) + 1) + "\n")
        return []


def raw(folder):
    """What the stages start from, in a new folder; the path of the 10 MB."""
    (folder / "raw").write_bytes(os.urandom(10_000_000))
    (folder / "parameter").write_text("0\n")
    return folder / "raw"


def declare(folder):
    """Writes the project whose stages are the peers' recipes."""
    column = {"name": "line", "type": "text", "role": "key"}
    sources = {name: {"path": name, "kind": "snapshot", "keep": "bytes", "columns": [column],
                      "dialect": {"delimiter": ",", "encoding": "utf-8", "decimal": "."}}
               for name in ("raw", "parameter")}
    (folder / "stages").mkdir()
    (folder / "stage.sh").write_text('out=$1; shift; cat "$@" | head -c 10000000 > "$out"\n')
    names = {stage: "my" + stage for stage in SHAPE} | {name: "sources." + name for name in sources}
    for stage, inputs in SHAPE.items():
        name = names[stage]
        (folder / "stages" / f"{name}.json").write_text(json.dumps({
            "schema": "holdfast.stage/v1", "id": name, "kind": "command", "purpose": "Ten megabytes.", "version": 1,
            "command": ["sh", "stage.sh", f"{{out:{name}}}", *(f"{{in:{names[one]}}}" for one in inputs)],
            "files": ["stage.sh"], "environment": {"PATH": os.environ["PATH"]}, "timeLimitSeconds": 60,
            "inputs": [{"name": names[one], "purpose": "Bytes."} for one in inputs],
            "outputs": [{"name": name, "file": f"{name}.bin", "format": "application/octet-stream", "class": "metric",
                         "purpose": "Bytes."}]}))
    (folder / "pipeline.json").write_text(json.dumps({
        "schema": "holdfast.pipeline/v1", "name": "commands", "seed": 1, "sources": sources,
        "stages": [names[stage] for stage in SHAPE]}))


class Peer:
    def __init__(self, name, command, write):
        self.name, self.command = name, command
        self.folder = work / name
        self.folder.mkdir()
        raw(self.folder)
        write(self.folder)

    def run(self):
        wall, used, _ = cpu(lambda: timed(self.command, self.folder))
        return wall, used, None, None

    def again(self, kind):
        if kind == "one parameter":
            path = self.folder / "parameter"
            path.write_text(str(int(path.read_text()) + 1) + "\n")
        elif kind == "source touched":
            os.utime(self.folder / "raw")
        return self.run()


def recipe(stage):
    return f"cat {' '.join(SHAPE[stage])} | head -c 10000000 > {stage}"


def makefile(folder):
    rules = "".join(f"{stage}: {' '.join(inputs)}\n\t{recipe(stage)}\n" for stage, inputs in SHAPE.items())
    (folder / "Makefile").write_text("all: report\n" + rules)


def ninjafile(folder):
    rules = "".join(f"build {stage}: do {' '.join(inputs)}\n  line = {recipe(stage)}\n"
                    for stage, inputs in SHAPE.items())
    (folder / "build.ninja").write_text("rule do\n  command = $line\n" + rules)


def dodofile(folder):
    (folder / "dodo.py").write_text(
        "".join(f"def task_{stage}_():\n    return dict(file_dep={inputs!r}, targets=[{stage!r}], "
                f"actions=[{recipe(stage)!r}])\n" for stage, inputs in SHAPE.items()))


ours = Ours()
peers = [Peer("make", ["make", "-s", "-j2"], makefile)] if shutil.which("make") else []
for name, words, write in [("ninja", ["--quiet", "-j2"], ninjafile), ("doit", ["-n2", "-v0"], dodofile)]:
    program = tools / name if (tools / name).exists() else shutil.which(name)
    if program:
        peers.append(Peer(name, [program, *words], write))
commands = Commands()
all_ = [ours, commands, *peers]
start = [statistics.median(timed([holdfast, "--version"], work)[0] for _ in range(9))]
cold = {one.name: one.run() for one in all_}
for one in all_:
    for _ in range(2):
        one.again("nothing changed")
kinds = ["nothing changed", "one parameter", "source touched"]
results = {(one.name, kind): [] for one in all_ for kind in kinds}
for _ in range(turns):
    for kind in kinds:
        for one in all_:
            results[one.name, kind].append(one.again(kind))


def median(name, kind, place):
    return statistics.median(result[place] for result in results[name, kind])


sizes = sorted((path.stat().st_size for path in (ours.folder / "artifacts/objects").glob("??/*")), reverse=True)[:8]
print(f"{customers:,} customers; the eight largest artifacts hold {sum(sizes) / 1e6:.0f} MB; medians of {turns} turns, "
      f"milliseconds; load {os.getloadavg()[0]:.1f}")
print(f"Holdfast's start alone (--version): {start[0]:.0f}\n")
print("| | " + " | ".join(f"{one.name} wall (CPU)" for one in all_) + " | engine | engine, commands | target |")
print("|---|" + "---|" * (len(all_) + 3))
targets = {"nothing changed": 30, "one parameter": 150, "source touched": 60}
first = " | ".join(f"{cold[one.name][0]:.0f} ({cold[one.name][1]:.0f})" for one in all_)
print(f"| cold, once | {first} | {cold[ours.name][2]:.0f} | {cold[commands.name][2]:.0f} | 300 |")
for kind in kinds:
    cells = " | ".join(f"{median(one.name, kind, 0):.0f} ({median(one.name, kind, 1):.0f})" for one in all_)
    engines = " | ".join(f"{median(one.name, kind, 2):.0f}" for one in (ours, commands))
    print(f"| {kind} | {cells} | {engines} | {targets[kind]} |")
for one in (ours, commands):
    ran = {kind: sorted({result[3] for result in results[one.name, kind]}) for kind in kinds}
    print(f"\n{one.name}, stages that ran: {', '.join(f'{kind}: {count}' for kind, count in ran.items())}")
