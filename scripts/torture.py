"""Draws kill points and failing calls from a seeded generator, tries each, and tells what came of it."""

import argparse
import collections
import concurrent.futures
import errno
import itertools
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

from harness import Project

CUSTOMERS = 300
PAGE = Path("Sources/holdfast/Documentation.docc/CrashSafety.md")

# How a process can die at a call: just before it, just after it, half-way through it (a write), or with its whole
# process group.
DEATHS = {"write": ["before", "half", "after", "tree"]}
OTHER_DEATHS = ["before", "after", "tree"]

# What a call can fail with. '+': from there on, all calls of that kind.
FAILURES = {
    "read": [errno.EIO, errno.EINTR],
    "open": [errno.EIO, errno.EMFILE, errno.EACCES],
    "create": [errno.ENOSPC, errno.EIO, errno.EACCES, f"{errno.ENOSPC}+", f"{errno.EROFS}+"],
    "write": [errno.ENOSPC, errno.EIO, errno.EINTR, errno.EDQUOT, f"{errno.ENOSPC}+", f"{errno.EIO}+", "short"],
    "sync": [errno.EIO, errno.ENOSPC, errno.EINTR, f"{errno.EIO}+"],
    "rename": [errno.EIO, errno.ENOSPC, errno.EACCES, f"{errno.ENOSPC}+"],
    "unlink": [errno.EIO, errno.EACCES],
    "mkdir": [errno.ENOSPC, errno.EACCES, f"{errno.ENOSPC}+"],
    "link": [errno.ENOSPC, errno.EPERM, errno.EIO],
    "truncate": [errno.EIO, errno.ENOSPC],
    "mode": [errno.EPERM],
    "lock": [errno.ENOLCK, errno.EINTR],
}

# What a run may end with when a call failed: it was not needed or was repeated, the run failed, the source could not
# be read, or what is there does not look whole.
DOCUMENTED = {0, 1, 2, 6}


class Scene:
    """A project before a run that is going to be disturbed, and how one ends that is not."""

    def __init__(self, name, says, template, change, work, program=False):
        self.name, self.says, self.template, self.change = name, says, template, change
        # Whether a program of somebody else's is what runs longest.
        self.program = program
        place = self.set_up(work / f"undisturbed-{name}")
        self.before, self.before_heads = place.latest(), place.heads()
        counts = work / f"counts-{name}"
        started = time.monotonic()
        ended = place.run(environment=disturbance(work, place, None, counts))
        self.seconds = time.monotonic() - started
        if ended.code != 0:
            raise SystemExit(f"the undisturbed run of {name} failed: {ended.errors}")
        self.calls = {}
        for line in counts.read_text().splitlines():
            kind, count = line.split()
            if int(count):
                self.calls[kind] = int(count)
        self.after, self.after_heads = place.latest(), place.heads()
        self.versions_before = self.template.versions()
        again = place.run()
        if again.ran or place.latest() != self.after or place.verify():
            raise SystemExit(f"the undisturbed run of {name} did not come to rest: {again.ran} {place.verify()}")
        shutil.rmtree(place.folder)

    def set_up(self, folder):
        place = self.template.copy(folder)
        if place.artifacts.exists():
            # A copy's files have other inodes: once looked at, they are known again.
            place.must("run")
        self.change(place)
        return place


def slay(processes):
    """Kills them all."""
    for pid in processes:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def disturbance(work, place, fault, counts):
    environment = {
        "LD_PRELOAD": str(work / "faults.so"), "HOLDFAST_FAULT_UNDER": str(place.folder),
        "HOLDFAST_FAULT_COUNTS": str(counts)}
    if fault:
        environment["HOLDFAST_FAULT"] = fault
    return environment


def scenes(work):
    """Cold, and after a good run with something changed, or nothing."""
    cold = Project.sample(work / "cold", CUSTOMERS)
    warm = cold.copy(work / "warm")
    warm.must("run")
    other = work / "other.csv"
    cold.sample_customers(str(other), CUSTOMERS, 2)

    def rank(place):
        place.change("pipeline.json", '"saveRate": 0.25', '"saveRate": 0.3')

    def train(place):
        place.change("pipeline.json", '["boosting"]', '["logistic"]')

    def data(place):
        shutil.copyfile(other, place.folder / "customers.csv")

    def step(place):
        place.change("scripts/step.sh", 'cat "$1"', 'cat "$1" "$1"')

    commanded = cold.copy(work / "commanded")
    commanded.add_program()
    commanded.must("run")

    return [
        Scene("cold", "the first run of all", cold, lambda place: None, work),
        Scene("rank", "a parameter of rank changed", warm, rank, work),
        Scene("train", "a parameter of train changed", warm, train, work),
        Scene("data", "other customers", warm, data, work),
        Scene("same", "nothing changed", warm, lambda place: None, work),
        Scene("program", "the program of a stage changed", commanded, step, work, program=True),
    ]


class Trial:
    """One disturbance of one run, and whatever was wrong after it."""

    def __init__(self, number, scene, fault, rng):
        self.number, self.scene, self.fault = number, scene, fault
        self.delay = rng.uniform(0, 1.1)
        # Some are killed again while they recover.
        self.again = rng.random() < 0.15
        self.delay_again = rng.uniform(0, 1)
        self.reached = False
        self.code, self.said = None, ""
        self.wrong, self.lost, self.unclear = [], [], []

    @property
    def kind(self):
        return self.fault.split(":")[0]

    def perform(self, work):
        place = self.scene.set_up(work / f"trial-{self.number}")
        counts = work / f"counts-{self.number}"
        try:
            self.disturb(work, place, counts)
            if self.reached:
                self.judge(place)
        finally:
            slay(place.processes())
            shutil.rmtree(place.folder, ignore_errors=True)
            counts.unlink(missing_ok=True)
        return self

    def disturb(self, work, place, counts):
        if self.kind == "time":
            process = place.start("run", "--json")
            programs = self.wait_for_program(place, process) if self.scene.program else []
            time.sleep(self.delay * (0.3 if self.scene.program else self.scene.seconds))
            if self.fault.endswith("orphan"):
                # Without its watchman the program works on when the runner is gone.
                slay(place.processes("holdfast-watch"))
            self.kill(process, whole=self.fault.endswith("tree"))
            if self.scene.program and self.fault.endswith("tree"):
                slay(place.processes())
            ended = place.wait(process)
            self.reached = ended.code == -signal.SIGKILL and bool(programs or not self.scene.program)
        else:
            ended = place.run(environment=disturbance(work, place, self.fault, counts))
            self.reached = counts.exists() and "done" in counts.read_text().split()
        self.code = ended.code
        if self.reached and ended.code != -signal.SIGKILL:
            self.judge_ending(place, ended)

    @staticmethod
    def wait_for_program(place, process):
        """The processes of a stage's program, once there are any; none where the run ended before."""
        while process.poll() is None:
            # The watchman comes first.
            programs = set(place.processes()) - set(place.processes("holdfast-watch"))
            if programs:
                return programs
            time.sleep(0.005)
        return []

    @staticmethod
    def kill(process, whole):
        try:
            os.killpg(process.pid, signal.SIGKILL) if whole else os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def judge_ending(self, place, ended):
        """A call failed: the run ended by itself, in one of the ways it can, and said why."""
        if ended.code not in DOCUMENTED:
            self.wrong.append(f"ended with {ended.code}: {ended.errors[-300:]}")
        self.said = " ".join([e["message"] for e in ended.events if e.get("event") == "run" and e.get("message")]
                             or ended.errors.strip().splitlines()[-1:])
        if ended.code > 0 and not self.said:
            self.unclear.append(f"ended with {ended.code} and said nothing")
        for word in ["Fatal error", "fatalError", "Error Domain", "DatabaseError", "Crash"]:
            if word in ended.errors + ended.output:
                self.unclear.append(ended.errors[-300:])
        if ended.code == 0 and place.latest() != self.scene.after:
            self.wrong.append("ended with 0, but latest is not what it should be")

    def judge(self, place):
        scene = self.scene
        # What the disturbed run left.
        if not self.fault.endswith("orphan"):
            left = [place.processes()] if scene.program else []
            until = time.monotonic() + 1
            while left and left[-1] and time.monotonic() < until:
                time.sleep(0.01)
                left.append(place.processes())
            self.check([f"lives a second after its runner: {pid}" for pid in left[-1:] and left[-1]], self.wrong)
        self.check(place.verify(), self.wrong)
        if place.heads() not in (scene.before_heads, scene.after_heads):
            self.wrong.append("what is current is neither the old set nor the new one")
        if place.latest() not in (scene.before, scene.after):
            self.wrong.append("latest is neither the old set nor the new one")
        self.check([f"half an object: {name}" for name in place.unread()], self.wrong)
        gone = scene.versions_before - {path.name for path in place.artifacts.glob("objects/??/*")}
        self.check([f"lost: {name}" for name in gone], self.lost)
        # What the next plain run makes of it.
        if self.again:
            process = place.start("run", "--json")
            time.sleep(self.delay_again * scene.seconds)
            self.kill(process, whole=True)
            place.wait(process)
            self.check(place.verify(), self.wrong)
        ended = place.run()
        if ended.code != 0:
            self.wrong.append(f"the next run ended with {ended.code}: {ended.errors[-300:]}")
            return
        if place.latest() != scene.after or place.heads() != scene.after_heads:
            self.wrong.append("the next run ended with other digests than an undisturbed one")
        self.check(place.verify(), self.wrong)
        self.check([f"left over: {name}" for name in place.leftovers()], self.wrong)
        gone = (scene.versions_before | set(scene.after_heads.values())) - {
            path.name for path in place.artifacts.glob("objects/??/*")}
        self.check([f"lost: {name}" for name in gone], self.lost)

    @staticmethod
    def check(found, into):
        into.extend([found] if isinstance(found, str) and found else found or [])


def points(scenes, rng, acts):
    """Points without end, no call twice in the same way before all were had: scene, then kind, then call, then act."""
    used = set()
    while True:
        scene = rng.choice(scenes)
        kind = rng.choice(sorted(kind for kind in scene.calls if acts(kind)))
        for _ in range(20):
            fault = f"{kind}:{rng.randint(1, scene.calls[kind])}:{rng.choice(acts(kind))}"
            if (scene.name, fault) not in used:
                break
        used.add((scene.name, fault))
        yield scene, fault


def kill_points(scenes, rng):
    calls = points(scenes, rng, lambda kind: DEATHS.get(kind, OTHER_DEATHS))
    programs = [scene for scene in scenes if scene.program]
    while True:
        # One in four at a time of its own: the runner alone, or all its processes; half of these while a program is
        # at work, which may also work on as an orphan.
        if rng.random() < 0.25:
            with_program = rng.random() < 0.5
            yield (rng.choice(programs if with_program else scenes[:-1]),
                   f"time:{rng.choice(['runner', 'tree', 'orphan'] if with_program else ['runner', 'tree'])}")
        else:
            yield next(calls)


def perform(work, drawn, wanted, rng, options, label):
    """Tries points until `wanted` were reached; a call that did not come in this run counts for nothing."""
    done, missed = [], 0
    numbers = itertools.count()
    jobs, verbose = options.jobs, options.verbose
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = set()
        while len(done) < wanted:
            while len(waiting) < jobs and len(done) + len(waiting) < wanted:
                scene, fault = next(drawn)
                trial = Trial(f"{label}-{next(numbers)}", scene, fault, rng)
                waiting.add(pool.submit(trial.perform, work))
            ended, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in ended:
                trial = future.result()
                if not trial.reached:
                    missed += 1
                    if missed > 20 * wanted:
                        raise SystemExit("most points were not reached: the library is not in effect")
                    continue
                done.append(trial)
                for what in trial.wrong + trial.lost + trial.unclear:
                    print(f"  {trial.scene.name} {trial.fault} (ended with {trial.code}): {what}", flush=True)
                if verbose:
                    print(f"  {trial.scene.name} {trial.fault}: {trial.code} {trial.said}", flush=True)
                if len(done) % 100 == 0:
                    print(f"{label}: {len(done)} of {wanted} after {time.monotonic() - started:.0f} s", flush=True)
    return done


def table(kills, errors, scenes, seed):
    """The result, as it stands in the documentation."""
    lines = [
        f"{len(kills)} kills, {len(errors)} failing calls, seed {seed}; runs of nine stages on {CUSTOMERS} customers.",
        "", "| | points | wrong results | lost artifacts | messages nobody can read |", "|---|---|---|---|---|"]

    def row(name, trials):
        if trials:
            count = [sum(1 for trial in trials if getattr(trial, what)) for what in ("wrong", "lost", "unclear")]
            lines.append(f"| {name} | {len(trials)} | {count[0]} | {count[1]} | {count[2]} |")

    def group(trials, key):
        groups = collections.defaultdict(list)
        for trial in trials:
            groups[key(trial)].append(trial)
        return sorted(groups.items())

    whom = {"tree": "all processes", "runner": "the runner alone", "orphan": "the runner, and the program works on"}

    def death(trial):
        if trial.kind != "time":
            return f"at a call: {trial.kind}"
        return ("while a program is at work, " if trial.scene.program else "at a time, ") + whom[trial.fault.split(":")[1]]

    for name, trials in group(kills, death):
        row(f"killed {name}", trials)
    row("**all kills**", kills)
    for name, trials in group(errors, lambda trial: trial.kind):
        row(f"failing call: {name}", trials)
    row("**all failing calls**", errors)
    lines += ["", "| the run was | calls | kills | failing calls |", "|---|---|---|---|"]
    for scene in scenes:
        count = [sum(1 for trial in trials if trial.scene is scene) for trials in (kills, errors)]
        lines.append(f"| {scene.says} | {sum(scene.calls.values())} | {count[0]} | {count[1]} |")
    codes = collections.Counter(trial.code for trial in errors)
    said = ", ".join(f"{count} with {code}" for code, count in sorted(codes.items()))
    twice = sum(trial.again for trial in kills)
    lines += ["", f"Of the killed runs {twice} were killed again while they recovered. "
              f"The runs with a failing call ended {said or 'nowhere'}."]
    return lines


def write_page(lines):
    begin, end = "<!-- scripts/torture --write -->", "<!-- end -->"
    text = PAGE.read_text()
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    PAGE.write_text(head + begin + "\n" + "\n".join(lines) + "\n" + end + tail)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--errors", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--only", help="one point: SCENE KIND:ORDINAL:ACT", nargs=2)
    parser.add_argument("--verbose", action="store_true", help="tell each point and how its run ended")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    started = time.monotonic()
    rng = random.Random(options.seed)
    work = options.work.resolve()
    stage = scenes(work)
    for scene in stage:
        calls = ", ".join(f"{count} {kind}" for kind, count in sorted(scene.calls.items()))
        print(f"{scene.says}: {scene.seconds:.2f} s; {calls}", flush=True)
    if options.only:
        scene = next(scene for scene in stage if scene.name == options.only[0])
        trial = Trial("only", scene, options.only[1], rng).perform(work)
        print(trial.reached, trial.code, trial.wrong + trial.lost + trial.unclear)
        sys.exit(1 if trial.wrong or trial.lost or trial.unclear else 0)
    kills = perform(work, kill_points(stage, rng), options.kills, rng, options, "kills")
    errors = perform(work, points(stage, rng, lambda kind: [str(f) for f in FAILURES.get(kind, [])]),
                     options.errors, rng, options, "errors")
    lines = table(kills, errors, stage, options.seed)
    print("\n".join([""] + lines))
    print(f"\n{time.monotonic() - started:.0f} s")
    bad = [trial for trial in kills + errors if trial.wrong or trial.lost or trial.unclear]
    if options.write:
        write_page(lines)
    sys.exit(1 if bad else 0)


main()
