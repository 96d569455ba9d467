"""Called by scripts/bench-history: makes three runs and times what looking back at them costs."""
import csv, os, statistics, subprocess, sys, time

work, customers = sys.argv[1], int(float(sys.argv[2]))
holdfast = os.environ["HOLDFAST"]
folder = f"{work}/bank"


def ran(*arguments):
    """Wall seconds, CPU seconds, peak memory in MB, what was printed."""
    with open(f"{work}/out", "w+", encoding="utf-8") as out, open(f"{work}/err", "w+", encoding="utf-8") as err:
        start = time.perf_counter()
        process = subprocess.Popen([holdfast, *arguments, "-C", folder], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(arguments)} ended with {process.returncode}\n{err.read()[-2000:]}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read()


def say(what, *arguments, target=None, turns=5, memory=None):
    runs = [ran(*arguments) for _ in range(turns)]
    wall, cpu, peak = (statistics.median(run[place] for run in runs) for place in range(3))
    line = f"{what:44} {1000 * wall:8.0f} ms {1000 * cpu:8.0f} ms CPU {peak:6.0f} MB"
    if target:
        line += f"   target {target:6.0f} ms: {'met' if 1000 * wall <= target else 'NOT met'}"
    if memory:
        line += f"   target {memory} MB: {'met' if peak <= memory else 'NOT met'}"
    print(line)
    return runs[-1][3]


data = f"{work}/customers.csv"
subprocess.run([holdfast, "sample", "--customers", str(customers), "--seed", "1", "--output", data], check=True,
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
subprocess.run([holdfast, "init", folder, "--data", data], check=True, stdout=subprocess.DEVNULL)
one = ["--set", 'train.learners=["boosting"]']
for settings in ([], ["--set", "rank.saveRate=.3"]):
    ran("run", *one, *settings)
# A day later: one customer in a hundred has another balance, one in a thousand has gone; the model is learnt anew.
source = os.path.join(work, "later.csv")
with open(data, encoding="utf-8", newline="") as old, open(source, "w", encoding="utf-8", newline="") as new:
    read, write = csv.reader(old), csv.writer(new, lineterminator="\n")
    names = next(read)
    write.writerow(names)
    balance, key = names.index("balance"), names.index("customerId")
    # By key: rows that stand twice change alike.
    for cells in read:
        number = int(cells[key])
        if number % 1000 == 999:
            continue
        if number % 100 == 50 and cells[balance]:
            cells[balance] = f"{float(cells[balance]) * 1.1:.2f}"
        write.writerow(cells)
later = ["--set", f"sources.customers.path={source}", "--set", "rank.saveRate=.3"]
ran("run", *one, *later)
print(f"{customers} customers, three runs")
big = 2000 if customers == 1_000_000 else None
ranking = say("diff ranking@1 ranking@2 (assumption)", "diff", "ranking@1", "ranking@2", target=big,
              memory=2048 if customers >= 1_000_000 else None)
say("diff r1 r2 (assumption, whole runs)", "diff", "r1", "r2", target=big)
say("diff r2 r3 (data and model, whole runs)", "diff", "r2", "r3", memory=2048 if customers >= 1_000_000 else None)
with open(data, encoding="utf-8") as file:
    next(file)
    rows = [line for place, line in enumerate(file) if place % max(1, customers // 20) == 7]
keys = [row.split(",")[key] for row in rows]
keys = [name for name in keys if int(name) % 1000 != 999]
walls = sorted(ran("customer", name, "--run", "r2")[0] for name in keys)
small = 50 if customers == 1_000_000 else None
print(f"{'customer ID, ' + str(len(keys)) + ' of them':44} {1000 * statistics.median(walls):8.0f} ms median, "
      f"{1000 * walls[-1]:.0f} ms at most"
      + (f"   target {small:4.0f} ms: {'met' if 1000 * statistics.median(walls) <= small else 'NOT met'}" if small else ""))
say("customer ID beside another model's run", "customer", keys[0], "--run", "r3", target=small)
say("status", "status")
say("log", "log")
say("verify --all", "verify", "--all", turns=2)
