"""Tries the cells of the comparison with other runners and prints them as a table."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from harness import HOLDFAST, Project

CUSTOMERS = 300
STAGES = ["clean", "evaluate", "ingest", "rank", "report", "resample", "score", "segment", "train"]
CAN_MOUNT = os.environ.get("HOLDFAST_MOUNTS", "0") != "0"
WORK = Path(sys.argv[1]).resolve()
PEERS = ["make", "ninja", "doit", "dvc", "snakemake", "redun"]
rows = []


def cell(case, expected, found, peers=None):
    """A row of the table: ours must be as expected. Peers' cells are records of the same case on eight stages."""
    rows.append((case, expected, found, peers or ["–"] * len(PEERS)))
    mark = "" if found == expected else "   <-- WRONG"
    print(f"{case}: {found}{mark}", flush=True)


def heading(text):
    rows.append((text,))


_numbers = iter(range(10_000))


def place(template):
    return template.copy(WORK / f"place-{next(_numbers)}")


def settled(template):
    """A copy that has come to rest: a copy's files have other inodes and are looked at once."""
    copy = place(template)
    copy.must("run")
    return copy


def flip(path, stealthily):
    """Four bytes in the middle, by somebody who may; size kept, and on request mode and time as they were."""
    facts = os.stat(path)
    bytes_ = bytearray(path.read_bytes())
    middle = len(bytes_) // 2
    for index in range(middle, middle + 4):
        bytes_[index] ^= 0x15
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.write(bytes_)
    if stealthily:
        os.chmod(path, facts.st_mode)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def object_of(project, name):
    return project.artifacts / "objects" / project.heads()[name][:2] / project.heads()[name]


def catalog_sql(project, *statements):
    """What somebody does to the catalog with another program, triggers out of the way."""
    with sqlite3.connect(project.artifacts / "catalog.sqlite") as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            if database.execute(statement).rowcount == 0:
                raise SystemExit(f"changes nothing: {statement}")
        for _, sql in triggers:
            database.execute(sql)
    database.close()


# Which stages run.


def which(template):
    heading("which stages run (ours has nine)")
    project = settled(template)
    cell("nothing changed", 0, len(project.run().ran), [0, 0, 0, 0, 0, 0])
    good = project.latest()
    project.change("pipeline.json", '"saveRate": 0.25', '"saveRate": 0.3')
    cell("one parameter of the last stage but one", ["rank", "report"], project.run().ran, [2, 2, 2, 2, 2, 2])
    project.change("pipeline.json", '"saveRate": 0.3', '"saveRate": 0.25')
    back = project.run()
    cell("the parameter put back", (0, True), (len(back.ran), project.latest() == good), [2, 2, 2, 0, 2, 2])
    os.utime(project.folder / "customers.csv")
    cell("the source touched", 0, len(project.run().ran), [8, 8, 0, 0, 8, 0])
    os.utime(object_of(project, "features"))
    cell("an intermediate touched", 0, len(project.run().ran), [6, 6, 0, 0, 6, 0])
    # The same numbers, written otherwise, in as many bytes.
    source = project.folder / "customers.csv"
    lines = source.read_text().splitlines()
    decimal = [n for n, line in enumerate(lines[1:], 1) if "." in line.split(",")[12]][:2]

    def with_zero(row):
        fields = [line.split(",") for line in lines]
        fields[row][12] += "0"
        source.write_text("".join(",".join(line) + "\n" for line in fields))

    with_zero(decimal[0])
    project.must("run")
    with_zero(decimal[1])
    cell("the source differs, what is read from it does not", ["ingest"], project.run().ran, [8, 8, 1, 1, 8, 1])
    project.sample_customers("customers.csv", CUSTOMERS, 3)
    cell("other customers", STAGES, project.run().ran, [8, 8, 8, 8, 8, 8])
    good = project.latest()
    (project.artifacts / "latest/clean/features.arrow").unlink()
    ended = project.run()
    cell("an intermediate deleted from latest", (0, True), (len(ended.ran), project.latest() == good),
         [7, 7, 1, 0, "0, left missing", "error"])
    object_of(project, "features").unlink()
    ended = project.run()
    cell("its object deleted as well", (["clean"], True), (ended.ran, project.latest() == good))
    project.change("pipeline.json", '"saveRate": 0.25', '"saveRate": 0.3')
    only = project.run("--only", "rank")
    cell("one stage alone: latest stays a set", (["rank"], True), (only.ran, project.latest() == good))


# A run killed in the middle of train.


def kill(template):
    heading("killed in the middle of train, then run again")
    large = Project.sample(WORK / "large", 3000)
    undisturbed = place(large)
    undisturbed.must("run")
    good = undisturbed.latest()
    for name, whole, peers in [
        ("all processes", True, ["W", "ok", "ok, 8 again", "ok", "by hand", "ok"]),
        ("the runner alone", False, ["W", "W", "W", "W when warm", "by hand", "ok"]),
    ]:
        project = place(large)
        process = project.start("run", "--json")
        # Train has begun, and nothing of it is recorded.
        while not project.query("SELECT 1 FROM stage_run WHERE stage = 'train' AND status = 'running'"):
            if process.poll() is not None:
                raise SystemExit("the run ended before train was met")
            time.sleep(0.002)
        (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
        project.wait(process)
        kept = {stage for (stage,) in project.query("SELECT stage FROM stage_run WHERE status = 'good'")}
        found = project.verify() or "clean"
        ended = project.run()
        cell(f"{name} killed: verify, the next run, its stages, its result",
             ("clean", 0, sorted(set(STAGES) - kept), True),
             (found, ended.code, ended.ran, project.latest() == good), peers)
    # A run that stands still holds the lock; killed, it holds it no more.
    project = place(large)
    process = project.start("run", "--json")
    while not project.query("SELECT 1 FROM run WHERE status = 'running'"):
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGSTOP)
    second = project.run()
    named = f"process {process.pid}" in second.output + second.errors
    os.killpg(process.pid, signal.SIGKILL)
    project.wait(process)
    cell("a writer that stands still, then dies holding the lock", (5, True, 0),
         (second.code, named, project.run().code))


# Several at once.


def several(template):
    heading("several runs at once")
    reference = place(template)
    reference.must("run")
    good = reference.latest()
    peers = {2: ["16 stages, W", "16, W", "16, W", "one fails", "one fails", "one dies"]}
    for count in [2, 5]:
        project = place(template)
        processes = [project.start("run", "--json", "--if-locked", "wait") for _ in range(count)]
        ended = [project.wait(process) for process in processes]
        cell(f"{count} on an empty folder, waiting: ends, stages in all, result, verify",
             ([0] * count, 9, True, ""),
             ([e.code for e in ended], sum(len(e.ran) for e in ended), project.latest() == good, project.verify()),
             peers.get(count))
    project = place(template)
    processes = [project.start("run", "--json") for _ in range(5)]
    codes = sorted(project.wait(process).code for process in processes)
    fine = 0 in codes and set(codes) <= {0, 5} and project.latest() == good and not project.verify()
    cell("5 on an empty folder, not waiting: each ends with 0 or 5, result, verify", True, fine)
    skipped = [project.start("run", "--json", "--force", "--if-locked", "skip") for _ in range(3)]
    codes = [project.wait(process).code for process in skipped]
    cell("3 that may be skipped", ([0, 0, 0], True), (codes, project.latest() == good))
    project = settled(reference)
    first = project.start("run", "--json", "--force", "--if-locked", "wait")
    rest = [project.start("run", "--json", "--profile", "nightly", "--if-locked", "wait") for _ in range(2)]
    rest.append(project.start("run", "--json", "--if-locked", "wait"))
    codes = [project.wait(process).code for process in [first, *rest]]
    cell("4 of two profiles", ([0, 0, 0, 0], True, ""), (codes, project.heads() == reference.heads(), project.verify()))
    # Whoever only reads is kept waiting by nobody.
    project = settled(reference)
    process = project.start("run", "--json", "--force")
    while not project.query("SELECT 1 FROM run WHERE status = 'running'"):
        time.sleep(0.001)
    os.killpg(process.pid, signal.SIGSTOP)
    codes = [project.do(*words).code for words in [["status"], ["log"], ["show", "ranking"], ["verify"]]]
    os.killpg(process.pid, signal.SIGCONT)
    cell("status, log, show and verify while another run stands still", ([0, 0, 0, 0], 0),
         (codes, project.wait(process).code))


# Tampering.


def tamper(template):
    heading("tampering")
    stealth = [["not noticed"] * 5 + ["noticed"], ["W, used", "W, used", "W, used", "repaired", "W, used", "repaired"]]
    for index, (name, stealthily) in enumerate([("size, mode and time put back", True), ("a plain edit", False)]):
        project = settled(template)
        good = project.latest()
        flip(object_of(project, "features"), stealthily)
        found = project.do("verify", "--all").code
        project.change("pipeline.json", '["boosting"]', '["logistic"]')
        ended = project.run()
        project.change("pipeline.json", '["logistic"]', '["boosting"]')
        project.must("run")
        kept = len(list((project.artifacts / "quarantine").glob("*")))
        cell(f"4 bytes of an intermediate, {name}: verify, the maker runs, kept aside, result, verify",
             (6, True, 1, True, ""),
             (found, "clean" in ended.ran and ended.code == 0, kept, project.latest() == good, project.verify()),
             stealth[index])
    project = settled(template)
    good = project.latest()
    for artifact in ["customers", "model", "ranking", "report"]:
        flip(object_of(project, artifact), True)
    # Nothing is called `reused` that is not what it was.
    ended = project.run()
    cell("4 bytes of four objects at once: makers run, result, verify",
         (["ingest", "rank", "report", "train"], True, ""), (ended.ran, project.latest() == good, project.verify()))
    page = project.artifacts / "latest/report/index.html"
    flip(page, True)
    project.must("run")
    cell("4 bytes of the page in latest: the next run puts it back", True, project.latest() == good)

    tampered = {
        "a row of the catalog edited": ["UPDATE stage_run SET rows_out = rows_out + 1 WHERE id = 1"],
        "a digest in the catalog edited": [
            "UPDATE stage_input SET digest = replace(digest, substr(digest, 1, 4), '0000') WHERE stage_run = 2"],
        "a parameter in the catalog edited": [
            "UPDATE parameter SET value = '7' WHERE stage_run = (SELECT min(stage_run) FROM parameter)"],
        "the body of an event edited": ["UPDATE event SET body = '{}' WHERE seq = 1"],
        "an event removed": ["DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)"],
        "a run removed from the middle": ["DELETE FROM run WHERE id = 'r2'"],
        "the last run removed": ["DELETE FROM run WHERE seq = (SELECT max(seq) FROM run)"],
    }
    for name, statements in tampered.items():
        project = settled(template)
        project.must("run")
        catalog_sql(project, *statements)
        ended = project.do("verify")
        cell(f"{name}: verify", 6, ended.code)
    # A chain made anew is whole in itself.
    project = settled(template)
    subprocess.run([HOLDFAST, "keygen", WORK / "audit.pem"], check=True, stdout=subprocess.DEVNULL)
    project.must("sign", "--key", str(WORK / "audit.pem"))
    shutil.copytree(project.artifacts / "manifests", WORK / "manifests")
    anchors = (project.artifacts / "anchors.log").read_bytes()
    shutil.rmtree(project.artifacts)
    project.must("run", "--set", "rank.saveRate=.9")
    project.must("run")
    cell("the whole chain made anew, nothing kept elsewhere: verify alone", 0, project.do("verify").code)
    signed = ["verify", "--public-key", str(WORK / "audit.pem.pub"), "--manifests", str(WORK / "manifests")]
    cell("the same beside signed manifests kept elsewhere", 6, project.do(*signed).code)
    (project.artifacts / "anchors.log").write_bytes(anchors)
    cell("the same beside the anchors kept elsewhere", 6, project.do("verify").code)


# The world.


def world(template):
    heading("the world")
    reference = place(template)
    reference.must("run")
    good = reference.latest()

    project = settled(reference)
    clock = {"LD_PRELOAD": str(WORK / "faults.so"), "HOLDFAST_FAULT_CLOCK": str(-400 * 86400)}
    project.change("pipeline.json", '"saveRate": 0.25', '"saveRate": 0.3')
    past = project.run(environment=clock)
    year = project.query("SELECT substr(started_at, 1, 4) FROM run ORDER BY seq DESC LIMIT 1")[0][0]
    project.change("pipeline.json", '"saveRate": 0.3', '"saveRate": 0.25')
    ended = project.run()
    if year == time.strftime("%Y"):
        raise SystemExit("the clock could not be set back")
    cell("the clock set back by 400 days and put right: stages, next run, result, verify",
         (["rank", "report"], [], True, ""), (past.ran, ended.ran, project.latest() == good, project.verify()))

    # A catalog of the first schema, with the object it speaks of.
    project = place(template)
    project.artifacts.mkdir()
    with sqlite3.connect(project.artifacts / "catalog.sqlite") as database:
        for name in ["schema.sql", "rows.sql"]:
            database.executescript(Path("Tests/Golden/catalog-v1", name).read_text())
    database.close()
    digest = "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd"
    (project.artifacts / "objects/55").mkdir(parents=True)
    (project.artifacts / "objects/55" / digest).write_text("A")
    ended = project.run()
    cell("a catalog of the first schema: run, result, what it holds, verify",
         (0, True, 1, ""),
         (ended.code, {k: v for k, v in project.latest().items() if not k.startswith("make/")} == good,
          len(project.query("SELECT 1 FROM run WHERE pipeline = 'test'")), project.verify()))

    for name, statement in [("a newer program", "PRAGMA user_version = 99"),
                            ("another program", "PRAGMA application_id = 77")]:
        project = settled(reference)
        database = sqlite3.connect(project.artifacts / "catalog.sqlite")
        database.execute(statement)
        database.close()
        before = (project.artifacts / "catalog.sqlite").read_bytes()
        ended = project.run()
        same = before == (project.artifacts / "catalog.sqlite").read_bytes()
        cell(f"a catalog of {name}: refused, its bytes kept, latest kept", (2, True, True),
             (ended.code, same, project.latest() == good))

    project = settled(reference)
    other = sqlite3.connect(project.artifacts / "catalog.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    process = project.start("run", "--json")
    time.sleep(1)
    other.execute("ROLLBACK")
    short = project.wait(process).code
    other.execute("BEGIN IMMEDIATE")
    long = project.run()
    readable = "another program has it open" in long.output + long.errors
    reads = project.do("status").code
    other.execute("ROLLBACK")
    other.close()
    cell("another program keeps SQLite busy for 1 s, for longer; status meanwhile; then a run",
         (0, 1, True, 0, 0, ""), (short, long.code, readable, reads, project.run().code, project.verify()))

    disk(template, reference, good)
    read_only(reference, good)


def limited(kilobytes):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))
    return limit


def disk(template, reference, good):
    """A disk that is full at several points of a first run, and of a later one."""
    for name, start, sizes in [("a first run", template, [96, 160, 256, 400, 600, 800, 1000]),
                               ("a later run", reference, [1500, 1560, 1640, 1800])]:
        codes, sane, ends = set(), True, []
        for size in sizes:
            if CAN_MOUNT:
                mount = WORK / f"disk-{start.folder.name}-{size}"
                mount.mkdir()
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", mount], check=True)
                subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
                project = start.copy(mount / "project")
                if project.artifacts.exists():
                    project.must("run")
                project.sample_customers(str(WORK / "more.csv"), CUSTOMERS, 4)
                if start is reference:
                    shutil.copyfile(WORK / "more.csv", project.folder / "customers.csv")
                used = shutil.disk_usage(mount).used >> 10
                room = size if start is template else max(used + size - 1400, 1)
                subprocess.run(["mount", "-o", f"remount,size={max(room, used)}k", mount], check=True)
                ended = project.run()
                subprocess.run(["mount", "-o", "remount,size=64m", mount], check=True)
            else:
                project = settled(start) if start is reference else place(start)
                ended = project.run("--force", preexec_fn=limited(size // 8))
            codes.add(ended.code)
            message = ended.output + ended.errors
            sane = sane and (ended.code == 0 or "free some space" in message) and not project.verify()
            sane = sane and not project.unread()
            final = project.run()
            ends.append((final.code, start is reference or project.latest() == good, project.verify()))
        by = "a small disk" if CAN_MOUNT else "a limit on files, since no disk may be mounted here"
        cell(f"a full disk in {name} ({len(sizes)} sizes, {by}): says so and leaves nothing half; then with room",
             (True, True, [(0, True, "")] * len(sizes)), (1 in codes and codes <= {0, 1}, sane, ends))


def read_only(reference, good):
    project = settled(reference)
    if CAN_MOUNT:
        subprocess.run(["mount", "--bind", project.folder, project.folder], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", project.folder], check=True)
    elif os.getuid() != 0:
        for folder, _, _ in os.walk(project.folder):
            os.chmod(folder, 0o555)
    else:
        print("skipped: a read-only folder (no disk may be mounted here, and root may write everywhere)")
        return
    ended = project.run()
    readable = "give this user the right to write there" in ended.output + ended.errors
    reads = [project.do(*words).code for words in [["status"], ["log"], ["verify"], ["show", "ranking"]]]
    cell("a read-only folder: the run says so, reading goes on", (1, True, [0, 0, 0, 0], True),
         (ended.code, readable, reads, project.latest() == good))
    if CAN_MOUNT:
        subprocess.run(["umount", project.folder], check=True)
    else:
        for folder, _, _ in os.walk(project.folder):
            os.chmod(folder, 0o755)
    cell("made writable again: the run", (0, []), (lambda ended: (ended.code, ended.ran))(project.run()))


def show(value):
    if isinstance(value, tuple):
        return ", ".join(show(item) for item in value)
    if isinstance(value, list):
        same = value and all(item == value[0] for item in value)
        if same and len(value) > 2:
            return f"{len(value)} × ({show(value[0])})" if isinstance(value[0], tuple) else \
                f"{len(value)} × {show(value[0])}"
        return " ".join(show(item) for item in value) if value else "none"
    if isinstance(value, bool):
        return "right" if value else "WRONG"
    return "clean" if value == "" else str(value)


def main():
    parts = {"which": which, "kill": kill, "several": several, "tamper": tamper, "world": world}
    wanted = sys.argv[2:] or list(parts)
    for name in wanted:
        if name not in parts:
            raise SystemExit(f"matrix: there is no part {name}; there are {', '.join(parts)}")
    started = time.monotonic()
    bare = Project.sample(WORK / "bare", CUSTOMERS)
    good = bare.copy(WORK / "good")
    good.must("run")
    for name in wanted:
        parts[name](bare if name in ("several", "world") else good)
    print("\nW: a wrong result with exit code 0. Peers: records of the same case on eight stages; –: not recorded.\n")
    print("| case | Holdfast | " + " | ".join(PEERS) + " |\n|---|---|" + "---|" * len(PEERS))
    wrong = 0
    for row in rows:
        if len(row) == 1:
            print(f"| **{row[0]}** |" + " |" * (len(PEERS) + 1))
            continue
        case, expected, found, peers = row
        ours = show(found)
        if found != expected:
            wrong += 1
            ours = f"**{ours}** instead of {show(expected)}"
        print(f"| {case} | {ours} | " + " | ".join(str(peer) for peer in peers) + " |")
    cells = sum(1 for row in rows if len(row) > 1)
    print(f"\n{cells} cells, {wrong} wrong; {time.monotonic() - started:.0f} s")
    sys.exit(1 if wrong else 0)


main()
