"""Called by scripts/bench: the peer and Holdfast in turn on one file; medians, ratios, and what reruns cost."""
import json, os, shutil, statistics, subprocess, sys, tempfile, time

shared, work, customers, way = sys.argv[1], sys.argv[2], int(float(sys.argv[3])), sys.argv[4]
if way not in ("plain", "smote"):
    sys.exit(f"bench: {way} is neither plain nor smote")
holdfast = os.environ["HOLDFAST"]
turns = 5 if customers <= 100_000 else 2 if customers <= 1_000_000 else 1
peaks = {}


def timed(command, **options):
    """Wall seconds and what was printed; the largest memory of each program is kept in `peaks`, in MB."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, **options)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        printed, complaint = out.read(), err.read()
    if process.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}\n{printed[-2000:]}{complaint[-2000:]}")
    peaks[command[0]] = max(peaks.get(command[0], 0), usage.ru_maxrss // 1024)
    return seconds, printed


if customers == 10_000:
    data = f"{shared}/data/churn-modelling/Churn_Modelling.csv"
else:
    data = f"{work}/customers.csv"
    print(timed([sys.executable, f"{shared}/bench/gen.py", str(customers), data])[1].strip())
    peaks.clear()

subprocess.run([holdfast, "init", f"{work}/made", "--data", data], check=True, stdout=subprocess.DEVNULL)
smote = ["--set", 'resample.method="smote"'] if way == "smote" else []
one = ["--set", 'train.learners=["boosting"]', *smote]
kinds = ["boosting", "symmetric", "randomised", "forest", "logistic"]


def cold(*settings):
    """A first run in a new project: wall seconds, CPU seconds, the stages' lines, the folder."""
    folder = f"{work}/bank{next(number)}"
    shutil.copytree(f"{work}/made", folder)
    before = os.times()
    seconds, out = timed([holdfast, "run", "-C", folder, "--threads", "2", "--json", *settings])
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, cpu, [json.loads(line) for line in out.splitlines()], folder


def outcome(folder):
    metrics = json.load(open(f"{folder}/artifacts/latest/evaluate/metrics.json"))["outOfFold"]
    return f"log-loss {metrics['logLoss']:.4f}, AUC {metrics['rocAuc']:.4f}"


number = iter(range(10_000))
ways = {"one learner": one}
if customers <= 30_000:
    ways["blend (default)"] = smote
peer, ours, kept = [], {way: [] for way in ways}, {}
for turn in range(turns):
    seconds, text = timed([sys.executable, f"{shared}/bench/reference_pipeline.py", data, f"{work}/peer", "--threads", "2",
                           *([] if smote else ["--no-smote"])])
    peer.append(seconds)
    for way, settings in ways.items():
        run = cold(*settings)
        ours[way].append(run)
        if turn + 1 < turns:
            shutil.rmtree(run[3])
print(text.strip().splitlines()[0])
for way, runs in ours.items():
    lines = runs[-1][2]
    print(f"{way}: " + "  ".join(f"{s['stage']}={s['seconds']:.2f}" for s in lines if s["event"] == "stage"))
    ratios = sorted(a / b[0] for a, b in zip(peer, runs))
    print(f"  customers {customers}: reference {statistics.median(peer):.2f} s, holdfast "
          f"{statistics.median(r[0] for r in runs):.2f} s (CPU {statistics.median(r[1] for r in runs):.2f} s), ratio "
          f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), {outcome(runs[-1][3])}")
print(f"largest memory: reference {peaks[sys.executable]} MB, holdfast {peaks[holdfast]} MB")
if len(ways) > 1:
    whole = statistics.median(r[1] for r in ours["blend (default)"])
    for kind in kinds:
        others = json.dumps([k for k in kinds if k != kind])
        run = cold("--set", f"train.learners={others}", *smote)
        print(f"  blend without {kind:11} {whole - run[1]:5.2f} CPU s less, {outcome(run[3])}")
        shutil.rmtree(run[3])
folder = ours["one learner"][-1][3]


def rerun(what, *extra, change=None):
    if change:
        change()
    seconds, out = timed([holdfast, "run", "-C", folder, "--json", *one, *extra])
    ran = [s["stage"] for s in map(json.loads, out.splitlines()) if s["event"] == "stage" and s["action"] == "ran"]
    print(f"{what:28} {1000 * seconds:8.0f} ms   ran: {', '.join(ran) or 'nothing'}")


copied = f"{folder}/customers.csv"


def own_file():
    shutil.copy(data, copied)


def one_balance():
    with open(copied, encoding="utf-8") as file:
        text = file.read()
    place = text.index("83807.86") if "83807.86" in text else text.rindex(".")
    with open(copied, "w", encoding="utf-8") as file:
        file.write(text[:place] + ("9" if text[place] != "9" else "8") + text[place + 1:] if text[place] != "." else
                   text[:place + 1] + ("9" if text[place + 1] != "9" else "8") + text[place + 2:])


rerun("nothing changed")
rerun("nothing changed, again")
rerun("one rank parameter", "--set", "rank.saveRate=.3")
rerun("parameter put back")
source = ("--set", f"sources.customers.path={copied}")
rerun("the same bytes elsewhere", *source, change=own_file)
rerun("touched", *source, change=lambda: os.utime(copied))
rerun("one balance changed", *source, change=one_balance)
