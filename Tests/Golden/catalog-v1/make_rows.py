"""Makes rows.sql: what a catalog of schema 1 held after one run, with the digests its program gave.

    python3 make_rows.py > rows.sql
"""
import hashlib, json, pathlib, sqlite3

def digest(document):
    return hashlib.sha256(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()

noon, text = "2026-01-31T12:00:00.000Z", hashlib.sha256(b"A").hexdigest()
key, preimage = hashlib.sha256(b'{"text":"A"}').hexdigest(), '{"text":"A"}'
first = hashlib.sha256(b"holdfast.runs/v1").hexdigest()
db = sqlite3.connect(":memory:")
db.executescript((pathlib.Path(__file__).parent / "schema.sql").read_text())

def insert(table, *values):
    db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)

run = [1, "r1", "test", "default", "{}", '["holdfast","run"]', "[]", "{}", "host", "me", 1, noon, noon,
       "succeeded", 0, None, first]
insert("run", *run, None)
insert("action", key, "make", preimage)
insert("stage_run", 1, "r1", "make", key, "good", "first run", None, noon, noon, 1.5, None, None, None, 3, None, None)
insert("object", text, 1, "live", noon, None, None, None, None)
insert("artifact", "numbers", "make", "file", "numbers/v1", "numbers.txt")
insert("artifact_version", 1, "numbers", 1, text, 1, None, None, 1, noon)
insert("stage_input", 1, "sources.in", hashlib.sha256(b"in").hexdigest())
insert("stage_output", 1, "numbers", 1)
insert("publication", "r1", "default", "numbers", 1)
insert("head", "default", "numbers", 1, "r1")
insert("parameter", 1, "a", "1")
insert("metric", 1, "m", 0.5)
insert("check_result", 1, "c", "data", "warn", 1, "fine")

event = {"at": noon, "body": '{"note":"hello"}', "kind": "note", "previous": hashlib.sha256(b"holdfast.events/v1").hexdigest(),
         "run": "r1", "seq": 1, "stage": None}
insert("event", 1, noon, "r1", None, "note", event["body"], event["previous"], digest(event))

def rows(sql):
    return [[None if value is None else str(value) for value in row] for row in db.execute(sql)]

record = [[None if value is None else str(value) for value in run]] + [rows(sql) for sql in (
    "SELECT * FROM stage_run", "SELECT * FROM stage_input",
    "SELECT 1, name, version, digest, bytes, row_count FROM artifact_version",
    f"SELECT channel, name, '{text}' FROM publication", "SELECT * FROM parameter", "SELECT * FROM metric",
    "SELECT * FROM check_result")]
db.execute("UPDATE run SET digest = ?", (digest(record),))
db.commit()
order = ["run", "action", "stage_run", "object", "artifact", "artifact_version"]
lines = [line for line in db.iterdump() if line.startswith("INSERT")]
table = lambda line: line.split('"')[1]
for line in sorted(lines, key=lambda line: order.index(table(line)) if table(line) in order else len(order)):
    print(line)
