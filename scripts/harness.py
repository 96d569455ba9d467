"""What scripts/torture and scripts/matrix share: a project on sample customers, and what is true of it."""

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from pathlib import Path

HOLDFAST = os.environ.get("HOLDFAST", ".build/release/holdfast")


def plain_environment():
    """The environment without what would disturb a run."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST", "LD_PRELOAD"))}


class Ended:
    """How a command ended and what it said."""

    def __init__(self, code, output, errors):
        self.code, self.output, self.errors = code, output, errors

    @property
    def events(self):
        """The JSON objects it printed, a line each."""
        events = []
        for line in self.output.splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                pass
        return events

    @property
    def actions(self):
        """What became of each stage of a `run --json`."""
        return {e["stage"]: e["action"] for e in self.events if e.get("event") == "stage"}

    @property
    def ran(self):
        """The stages that executed."""
        return sorted(stage for stage, action in self.actions.items() if action == "ran")


class Project:
    """A project's folder."""

    def __init__(self, folder):
        self.folder = Path(folder)

    @classmethod
    def sample(cls, folder, customers, seed=1):
        """A project on sample customers with one learner: what is tried here does not depend on how many there are."""
        project = cls(folder)
        project.folder.mkdir(parents=True)
        project.sample_customers("customers.csv", customers, seed)
        project.must("init", ".", "--data", "customers.csv")
        project.change("pipeline.json", '"parameters": {', '"parameters": {\n    "train": {"learners": ["boosting"]},')
        return project

    def add_program(self):
        """A stage that is a program of somebody else's, with children of its own: it takes a third of a second, and
        leaves one running behind."""
        (self.folder / "scripts").mkdir()
        (self.folder / "scripts/step.sh").write_text(
            'sleep 20 &\n(sleep 0.3; cat "$1") > "$2" &\nwait $!\n')
        (self.folder / "stages/step.json").write_text(json.dumps({
            "schema": "holdfast.stage/v1", "id": "step", "kind": "command", "purpose": "Copies the customers.",
            "command": ["sh", "scripts/step.sh", "{in:sources.customers}", "{out:copy}"],
            "files": ["scripts/step.sh"],
            "inputs": [{"name": "sources.customers", "purpose": "The customers."}],
            "outputs": [{"name": "copy", "file": "copy.csv", "format": "text/csv", "purpose": "A copy."}]}))
        self.change("pipeline.json", '"stages": ["ingest"', '"stages": ["step", "ingest"')

    def sample_customers(self, name, customers, seed):
        self.must("sample", "--customers", str(customers), "--seed", str(seed), "--output", name, "--truth",
                  str(self.folder.parent / "truth.csv"))

    def copy(self, folder):
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    def start(self, *words, environment=None, **options):
        """Starts the program in a process group of its own."""
        return subprocess.Popen(
            [HOLDFAST, *words, "-C", str(self.folder)], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
            env={**plain_environment(), **(environment or {})}, **options)

    @staticmethod
    def wait(process, timeout=120):
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise SystemExit(f"a command did not end within {timeout} s: {process.args}")
        return Ended(process.returncode, output, errors)

    def do(self, *words, environment=None, **options):
        return self.wait(self.start(*words, environment=environment, **options))

    def must(self, *words, **options):
        ended = self.do(*words, **options)
        if ended.code != 0:
            raise SystemExit(f"holdfast {' '.join(words)} ended with {ended.code}: {ended.errors}{ended.output}")
        return ended

    def run(self, *words, **options):
        return self.do("run", "--json", *words, **options)

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text()
        if old not in text:
            raise SystemExit(f"{name} holds no {old!r}")
        path.write_text(text.replace(old, new, 1))

    # What is true of it.

    @property
    def artifacts(self):
        return self.folder / "artifacts"

    def latest(self):
        """Digests of what `latest` leads to, by path; run facts left out. Nothing where there is nothing."""
        latest = self.artifacts / "latest"
        found = {}
        for path in sorted(latest.glob("*/*")):
            found[str(path.relative_to(latest))] = (
                hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "leads nowhere")
        return found

    def query(self, sql):
        """What the catalog answers, asked of a copy: nothing here may put the catalog in order."""
        catalog = self.artifacts / "catalog.sqlite"
        if not catalog.exists():
            return []
        with tempfile.TemporaryDirectory() as folder:
            for name in ["catalog.sqlite", "catalog.sqlite-wal"]:
                if (self.artifacts / name).exists():
                    shutil.copyfile(self.artifacts / name, Path(folder) / name)
            with sqlite3.connect(Path(folder) / "catalog.sqlite") as database:
                try:
                    return database.execute(sql).fetchall()
                except sqlite3.OperationalError as error:
                    if "no such table" in str(error):
                        return []
                    raise
                finally:
                    database.rollback()

    def heads(self):
        """Digests of what is current, by name."""
        return dict(self.query(
            "SELECT h.name, v.digest FROM head h JOIN artifact_version v ON v.id = h.version_id"
            " WHERE h.channel = 'default'"))

    def versions(self):
        """Digests of everything ever recorded."""
        return {digest for (digest,) in self.query("SELECT digest FROM artifact_version")}

    def unread(self):
        """Objects whose bytes are not those of their name."""
        return [
            path.name for path in self.artifacts.glob("objects/??/*")
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]

    def leftovers(self):
        """What lies where nothing should after a run."""
        places = ["objects/tmp/*", "latest/*.new", "latest/*/*.new", "latest/.*", "latest.*", "work/*"]
        return [str(path.relative_to(self.artifacts)) for place in places for path in self.artifacts.glob(place)]

    def processes(self, name=None):
        """Processes that programs of its stages are, or have started; those called `name` where given."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    at = os.readlink(entry / "cwd")
                    called = (entry / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
                except OSError:
                    continue
                if at.startswith(f"{self.artifacts}/work/") and name in (None, called):
                    found.append(int(entry.name))
        return found

    def verify(self):
        """What `verify --all` finds wrong; nothing where all of it holds or there is no catalog yet."""
        if not self.query("SELECT seq FROM run LIMIT 1"):
            return ""
        ended = self.do("verify", "--all")
        return "" if ended.code == 0 else f"verify: {ended.code} {ended.errors.strip()}"
