"""Makes rows.sql: what a catalog of schema 2 held after a run, its sign-off and a second run that took the result
over, with the digests its program gave.

    python3 make_rows.py > rows.sql
"""
import hashlib, json, pathlib, sqlite3

def sha(data):
    return hashlib.sha256(data).hexdigest()

def digest(document):
    return sha(json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode())

noon, text = "2026-01-31T12:00:00.000Z", sha(b"A")
key, preimage = sha(b'{"text":"A"}'), '{"text":"A"}'
db = sqlite3.connect(":memory:")
db.executescript((pathlib.Path(__file__).parent / "schema.sql").read_text())

def insert(table, *values):
    db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)

def event(seq, run, kind, body, previous):
    body = json.dumps(body, separators=(",", ":"), sort_keys=True)
    value = digest({"at": noon, "body": body, "kind": kind, "previous": previous, "run": run, "seq": seq, "stage": None})
    insert("event", seq, noon, run, None, kind, body, previous, value)
    return value

def rows(sql, *arguments):
    return [[None if value is None else str(value) for value in row] for row in db.execute(sql, arguments)]

def seal(seq, id, previous, last):
    db.execute("UPDATE run SET ended_at = ?, status = 'succeeded', exit_code = 0, previous = ?, event_seq = ?, "
               "event_digest = ? WHERE seq = ?", (noon, previous, last and last[0], last and last[1], seq))
    run = rows("SELECT seq, id, pipeline, profile, declarations, arguments, overrides, program, host, actor, pid, "
               "started_at, ended_at, status, exit_code, message, previous FROM run WHERE seq = ?", seq)[0]
    record = [run] + [rows(sql, id) for sql in (
        "SELECT id, run_id, stage, action_key, status, reason, reused_from, started_at, ended_at, seconds, cpu_seconds, "
        "peak_kilobytes, rows_in, rows_out, remark, message FROM stage_run WHERE run_id = ? ORDER BY id",
        "SELECT i.* FROM stage_run s JOIN stage_input i ON i.stage_run = s.id WHERE s.run_id = ?",
        "SELECT o.stage_run, o.name, v.version, v.digest, v.bytes, v.row_count FROM stage_run s JOIN stage_output o "
        "ON o.stage_run = s.id JOIN artifact_version v ON v.id = o.version_id WHERE s.run_id = ?",
        "SELECT p.channel, p.name, v.digest FROM publication p JOIN artifact_version v ON v.id = p.version_id "
        "WHERE p.run_id = ?",
        "SELECT p.* FROM stage_run s JOIN parameter p ON p.stage_run = s.id WHERE s.run_id = ?",
        "SELECT m.* FROM stage_run s JOIN metric m ON m.stage_run = s.id WHERE s.run_id = ?",
        "SELECT c.* FROM stage_run s JOIN check_result c ON c.stage_run = s.id WHERE s.run_id = ?")]
    record.append(rows("SELECT record, event_seq, event_digest FROM run WHERE seq = ?", seq))
    record.append([[row[0], sha(row[1].encode())] for row in rows(
        "SELECT a.key, a.preimage FROM stage_run s JOIN action a ON a.key = s.action_key WHERE s.run_id = ? "
        "ORDER BY s.id", id)])
    value = digest(record)
    db.execute("UPDATE run SET digest = ? WHERE seq = ?", (value, seq))
    return value

def begin(seq, id):
    insert("run", seq, id, "test", "default", sha(b"{}"), '["holdfast","run"]', "[]", "{}", "host", "me", 1, noon,
           None, "running", None, None, None, None, 2, None, None)

insert("declaration", sha(b"{}"), "{}")
begin(1, "r1")
insert("action", key, "make", preimage)
insert("stage_run", 1, "r1", "make", key, "good", "first run", None, noon, noon, 1.5, None, None, None, 3, None, None)
insert("object", text, 1, "live", noon, None, None, None, None)
insert("artifact", "numbers", "make", "file", "numbers/v1", "numbers.txt")
insert("artifact_version", 1, "numbers", 1, text, 1, None, None, 1, noon)
insert("stage_input", 1, "sources.in", sha(b"in"))
insert("stage_output", 1, "numbers", 1)
insert("publication", "r1", "default", "numbers", 1)
insert("parameter", 1, "a", "1")
insert("metric", 1, "m", 0.5)
insert("check_result", 1, "c", "data", "warn", 1, "fine")
first = seal(1, "r1", sha(b"holdfast.runs/v1"), None)

decision = {"run": "r1", "digest": first, "role": "validator", "decision": "approve", "comment": "fine", "actor": "me"}
signed = event(1, "r1", "signoff", decision, sha(b"holdfast.events/v1"))
insert("signoff", 1, "r1", first, "validator", "approve", "fine", "me", noon, 1)

begin(2, "r2")
insert("stage_run", 2, "r2", "make", key, "reused", "nothing changed", 1, noon, noon, 0, None, None, None, None, None, None)
insert("publication", "r2", "default", "numbers", 1)
insert("head", "default", "numbers", 1, "r2")
seal(2, "r2", first, (1, signed))

db.commit()
order = ["declaration", "run", "action", "stage_run", "object", "artifact", "artifact_version", "event"]
lines = [line for line in db.iterdump() if line.startswith("INSERT")]
table = lambda line: line.split('"')[1]
for line in sorted(lines, key=lambda line: order.index(table(line)) if table(line) in order else len(order)):
    print(line)
