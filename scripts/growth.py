"""What nights cost in records; see scripts/growth.

    growth.py WORK NIGHTS KEEP RUNS
"""
import hashlib, json, os, pathlib, sqlite3, statistics, subprocess, sys, time

program = os.environ["HOLDFAST"]
work, nights, keep, wanted = pathlib.Path(sys.argv[1]), *map(int, sys.argv[2:5])
artifacts = work / "artifacts"


def holdfast(*words):
    ended = subprocess.run([program, *words, "-C", str(work)], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(f"growth: holdfast {' '.join(words)} ended with {ended.returncode}: {ended.stderr}")
    return ended.stdout


def size(*names):
    return sum((artifacts / name).stat().st_size for name in names if (artifacts / name).exists())


def object_bytes():
    return sum(file.stat().st_size for file in (artifacts / "objects").rglob("*") if file.is_file())


def records():
    return size("catalog.sqlite", "catalog.sqlite-wal", "anchors.log")


def sample(name, seed):
    holdfast("sample", "--customers", "300", "--seed", str(seed), "--output", name)


sample("customers.csv", 1)
holdfast("init", ".", "--data", "customers.csv")
pipeline = work / "pipeline.json"
pipeline.write_text(pipeline.read_text().replace(
    '"parameters": {', '"parameters": {\n    "train": {"learners": ["boosting"]},', 1))
holdfast("run")
first, began = records(), time.monotonic()
sizes = []
for night in range(1, nights + 1):
    sample("night.csv", night + 1)
    holdfast("run", "--profile", "nightly", "--set", "sources.customers.path=night.csv")
    holdfast("gc", "--keep", str(keep))
    sizes.append(object_bytes())
    if night % max(1, nights // 10) == 0:
        print(f"night {night:5}: {(records() - first) / night / 1000:7.1f} KB of records a night so far, "
              f"{sizes[-1] / 1e6:6.2f} MB of objects", flush=True)
a_night = (records() - first) / nights
database = sqlite3.connect(f"file:{artifacts}/catalog.sqlite?mode=ro", uri=True)
(written,) = database.execute("SELECT sum(bytes) FROM object").fetchone()
database.close()
settled = sizes[min(len(sizes) - 1, keep + 1)]
print(f"{nights} nights in {time.monotonic() - began:.0f} s: {a_night / 1000:.1f} KB of records a night; objects "
      f"{settled / 1e6:.2f} MB after night {min(nights, keep + 2)}, {max(sizes) / 1e6:.2f} MB at most, "
      f"{written / 1e6:.2f} MB without gc")
holdfast("verify")

# A long catalog: the newest nightly run's rows repeated as runs that reused all of it, with the digests the program
# would have given them. `verify` below holds the chain to that.
database = sqlite3.connect(artifacts / "catalog.sqlite", isolation_level=None)
database.execute("PRAGMA foreign_keys = ON")


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(document):
    return json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def number(value):
    """A real number as the program writes it in a record."""
    return repr(value) if isinstance(value, float) else str(value)


def rows(sql, *values):
    return [[None if value is None else number(value) for value in row] for row in database.execute(sql, values)]


COLUMNS = {
    "run": "seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, started_at, "
           "ended_at, status, exit_code, message, previous",
    "stage_run": "id, run_id, stage, action_key, status, reason, reused_from, started_at, ended_at, seconds, "
                 "cpu_seconds, peak_kilobytes, rows_in, rows_out, remark, message",
}
(have,) = database.execute("SELECT max(seq) FROM run").fetchone()
(previous,) = database.execute("SELECT digest FROM run WHERE seq = ?", (have,)).fetchone()
event = database.execute("SELECT seq, digest FROM event ORDER BY seq DESC LIMIT 1").fetchone() or (None, None)
model = dict(zip(COLUMNS["run"].split(", "),
                 database.execute(f"SELECT {COLUMNS['run']} FROM run WHERE seq = ?", (have,)).fetchone()))
stages = database.execute("SELECT stage, action_key, coalesce(reused_from, id) FROM stage_run WHERE run_id = ? "
                          "ORDER BY id", (model["id"],)).fetchall()
published = database.execute("SELECT p.channel, p.name, p.version_id, v.digest FROM publication p "
                             "JOIN artifact_version v ON v.id = p.version_id WHERE p.run_id = ? ORDER BY p.name",
                             (model["id"],)).fetchall()
preimages = dict(database.execute("SELECT key, preimage FROM action"))
(stage_run,) = database.execute("SELECT max(id) FROM stage_run").fetchone()
at = model["ended_at"]
database.execute("BEGIN")
for seq in range(have + 1, wanted + 1):
    id = f"r{seq}"
    database.execute(
        "INSERT INTO run (seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, "
        "started_at, ended_at, status, exit_code, previous, record, event_seq, event_digest) "
        "SELECT ?, ?, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, ?, ?, "
        "'succeeded', 0, ?, 2, ?, ? FROM run WHERE seq = ?", (seq, id, at, at, previous, *event, have))
    for stage, key, earlier in stages:
        stage_run += 1
        database.execute(
            "INSERT INTO stage_run (id, run_id, stage, action_key, status, reason, reused_from, started_at, ended_at, "
            "seconds) VALUES (?, ?, ?, ?, 'reused', 'nothing changed', ?, ?, ?, 0)",
            (stage_run, id, stage, key, earlier, at, at))
    for channel, name, version, _ in published:
        database.execute("INSERT INTO publication VALUES (?, ?, ?, ?)", (id, channel, name, version))
    record = rows(f"SELECT {COLUMNS['run']} FROM run WHERE seq = ?", seq)
    record.append(rows(f"SELECT {COLUMNS['stage_run']} FROM stage_run WHERE run_id = ? ORDER BY id", id))
    record += [[], [], [[channel, name, digest] for channel, name, _, digest in published], [], [], []]
    record.append(rows("SELECT record, event_seq, event_digest FROM run WHERE seq = ?", seq))
    record.append([[key, sha(preimages[key].encode())] for _, key, _ in stages])
    previous = sha(canonical(record))
    database.execute("UPDATE run SET digest = ? WHERE seq = ?", (previous, seq))
database.execute("UPDATE head SET run_id = ? WHERE channel = ?", (id, published[0][0]))
database.execute("COMMIT")
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
(have,) = database.execute("SELECT count(*) FROM run").fetchone()
database.close()
holdfast("verify")
print(f"a catalog of {have} runs ({size('catalog.sqlite') / 1e6:.1f} MB, its chain verified):")
slowest = 0
for words in (["status", "--profile", "nightly"], ["status"], ["log"], ["metrics"], ["show", "metrics"],
              ["gc", "--keep", "30", "--dry-run"]):
    times = []
    for _ in range(7):
        start = time.monotonic()
        holdfast(*words)
        times.append(1000 * (time.monotonic() - start))
    if words[0] == "status":
        slowest = max(slowest, statistics.median(times))
    print(f"  {' '.join(words):30} {statistics.median(times):7.1f} ms")
faults = []
if a_night > 200_000:
    faults.append("more than 200 KB of records a night")
if slowest > 100:
    faults.append("status takes more than 100 ms")
if nights > keep + 2 and max(sizes) > 1.5 * settled:
    faults.append("objects keep growing in spite of gc")
if faults:
    sys.exit("growth: " + "; ".join(faults))
