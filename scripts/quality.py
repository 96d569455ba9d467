"""Called by scripts/quality: peers and Holdfast on the same customers, columns and folds; a table and a verdict."""
import argparse, hashlib, json, os, subprocess, sys, time, warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import pyarrow.ipc

warnings.filterwarnings("ignore")

TABLES = {
    "churn-modelling": "churn-modelling/Churn_Modelling.csv",
    "metanprom-reconstructed": "metanprom-reconstructed/bank_dataset.csv",
    "telco": "telco/WA_Fn-UseC_-Telco-Customer-Churn.csv",
    "metanprom-scrooge": "metanprom-scrooge/bank_scrooge.csv",
}
NEAR, AUC_NEAR, BAYES_NEAR = 0.0005, 0.001, 0.002  # log-loss and AUC margins of the target
BAYES_ROWS = 1_000_000
SEED = 42

# Peers, cheapest first: name -> (package, class, settings, preparation, whether it counts in the verdict).
# Boosted trees take missing values as they are; forests and logistic get medians of the training part and a flag.
# Categories are one-hot for all.
TREES = dict(subsample=0.8, colsample_bytree=0.6, reg_lambda=5)
PEERS = {
    "logistic": ("scikit-learn", "LogisticRegression", dict(max_iter=2000), "fill and scale", True),
    "LightGBM default": ("lightgbm", "LGBMClassifier", {}, None, True),
    "LightGBM tuned": ("lightgbm", "LGBMClassifier", dict(
        n_estimators=300, learning_rate=0.025, num_leaves=12, min_child_samples=30, subsample_freq=1, **TREES), None, True),
    "XGBoost tuned": ("xgboost-cpu", "XGBClassifier", dict(
        tree_method="hist", n_estimators=300, learning_rate=0.03, max_depth=4, min_child_weight=5, **TREES), None, True),
    "CatBoost 400x5": ("catboost", "CatBoostClassifier", dict(iterations=400, depth=5, learning_rate=0.04), None, True),
    "forest default": ("scikit-learn", "RandomForestClassifier", dict(n_estimators=100), "fill", True),
    "forest tuned": ("scikit-learn", "RandomForestClassifier", dict(
        n_estimators=200, min_samples_leaf=3, max_features=0.5), "fill", True),
    "CatBoost default": ("catboost", "CatBoostClassifier", {}, None, True),
    "CatBoost 600x3": ("catboost", "CatBoostClassifier", dict(iterations=600, depth=3, learning_rate=0.05), None, False),
    "forest 300, leaf 5": ("scikit-learn", "RandomForestClassifier", dict(
        n_estimators=300, min_samples_leaf=5, max_features=0.4), "fill", False),
}


def model(name):
    """A fresh, unfitted peer on one thread."""
    package, kind, settings, preparation, _ = PEERS[name]
    if package == "lightgbm":
        from lightgbm import LGBMClassifier
        return LGBMClassifier(n_jobs=1, random_state=SEED, verbose=-1, **settings)
    if package == "xgboost-cpu":
        from xgboost import XGBClassifier
        return XGBClassifier(n_jobs=1, random_state=SEED, **settings)
    if package == "catboost":
        from catboost import CatBoostClassifier
        return CatBoostClassifier(thread_count=1, random_seed=SEED, verbose=0, allow_writing_files=False, **settings)
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    fill = SimpleImputer(strategy="median", add_indicator=True)
    if kind == "LogisticRegression":
        return make_pipeline(fill, StandardScaler(), LogisticRegression(**settings))
    return make_pipeline(fill, RandomForestClassifier(n_jobs=1, random_state=SEED, **settings))


def figures(left, probability):
    """Log-loss and AUC, pooled over all folds; a forest's certainty is cut at one in a million."""
    from sklearn.metrics import log_loss, roc_auc_score
    return (log_loss(left, np.clip(probability, 1e-6, 1 - 1e-6)), roc_auc_score(left, probability))


def read_arrow(path):
    with pyarrow.memory_map(path) as file:
        return pyarrow.ipc.open_file(file).read_all()


def told(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"quality: {' '.join(command)} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


def note(text):
    print(f"quality: {text}", file=sys.stderr, flush=True)


class Draw:
    """One table under one fold seed: what the peers learn from, and our own figures."""

    def __init__(self, folder, seed, options):
        before, start = os.times(), time.perf_counter()
        told([os.environ["HOLDFAST"], "run", "-C", folder, "--to", "evaluate", "--threads", str(options.threads),
              "--set", f"clean.foldSeed={seed}", "--set", "evaluate.importanceRows=0", *settings(options)])
        after = os.times()
        self.seconds = time.perf_counter() - start
        self.cpu = after.children_user + after.children_system - before.children_user - before.children_system
        latest = f"{folder}/artifacts/latest"
        table = read_arrow(f"{latest}/clean/features.arrow")
        predictions = read_arrow(f"{latest}/score/predictions.arrow")
        if table["key"] != predictions["key"] or table["fold"] != predictions["fold"]:
            sys.exit(f"quality: {latest}: features and predictions are not of the same customers and folds")
        label = table["label"].to_numpy(zero_copy_only=False).astype(float)
        known = ~np.isnan(label)
        self.left = label[known].astype(int)
        self.fold = table["fold"].to_numpy()[known]
        self.ours = figures(self.left, predictions["probability"].to_numpy()[known])
        self.columns = [f.name for f in table.schema if (f.metadata or {}).get(b"holdfast.role") == b"feature"]
        self.table = table.select(self.columns).to_pandas()[known]
        self.keys = table["key"].to_pandas()[known]
        learners = json.load(open(f"{latest}/train/training.json")).get("learners", [])
        self.members = {m["name"]: (m["logLoss"], m["rocAuc"], m.get("weight"))
                        for m in learners if m["name"] != "blend"} if len(learners) > 1 else {}
        stated = json.load(open(f"{latest}/evaluate/metrics.json"))["outOfFold"]
        if abs(stated["logLoss"] - self.ours[0]) > 1e-6 or abs(stated["rocAuc"] - self.ours[1]) > 1e-6:
            note(f"{folder}: metrics.json says {stated['logLoss']:.6f}, {stated['rocAuc']:.6f}; "
                 f"the predictions give {self.ours[0]:.6f}, {self.ours[1]:.6f}")

    def encode(self):
        """One-hot categories and numbers as float32, and the digest of all that a peer's figures depend on."""
        plain = self.table.copy()
        for name in plain.select_dtypes(exclude="number"):
            frequent = plain[name].astype(object).value_counts().index[:255]
            plain[name] = plain[name].astype(object).where(plain[name].isin(frequent) | plain[name].isna(), "other")
        coded = pd.get_dummies(plain)
        self.matrix = np.ascontiguousarray(coded.to_numpy(np.float32, na_value=np.nan))
        whole = hashlib.sha256(json.dumps(list(coded.columns), ensure_ascii=False).encode())
        for part in (self.matrix, self.left.astype(np.int8), self.fold.astype(np.int16)):
            whole.update(np.ascontiguousarray(part).tobytes())
        self.digest = whole.hexdigest()

    def peer(self, name):
        chance = np.zeros(len(self.left))
        for fold in np.unique(self.fold):
            rest = self.fold != fold
            fitted = model(name).fit(self.matrix[rest], self.left[rest])
            chance[~rest] = fitted.predict_proba(self.matrix[~rest])[:, 1]
        return figures(self.left, chance)


def settings(options):
    chosen = []
    if options.learners:
        chosen += ["--set", f"train.learners={json.dumps(options.learners.split(','))}"]
    for one in options.set:
        chosen += ["--set", one]
    return chosen


def same_as_file(draw, data, folder):
    """How many cells of the features differ from the file's: what the peers get is what the bank sent."""
    source = json.load(open(f"{folder}/pipeline.json"))["sources"]["customers"]
    if source["dialect"]["delimiter"] != "," or source["dialect"]["decimal"] != ".":
        return None
    raw = pd.read_csv(data, dtype=str, keep_default_na=False, encoding=source["dialect"]["encoding"])
    key = [c["name"] for c in source["columns"] if c["role"] == "key"]
    raw.index = raw[key[0]].str.cat([raw[k] for k in key[1:]], sep="|") if len(key) > 1 else raw[key[0]]
    if not set(draw.keys) <= set(raw.index):
        return None
    raw = raw[~raw.index.duplicated()].loc[draw.keys]
    differ = 0
    for name in draw.columns:
        ours, theirs = draw.table[name], raw[name].str.strip()
        if pd.api.types.is_numeric_dtype(ours):
            theirs = pd.to_numeric(theirs, errors="coerce").to_numpy(float)
            ours = ours.to_numpy(float, na_value=np.nan)
            differ += int((~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))).sum())
        else:
            differ += int((ours.astype(object).fillna("").to_numpy() != theirs.to_numpy()).sum())
    return differ


def kept(cache, table, seed, name, draw):
    package, kind, chosen, preparation, _ = PEERS[name]
    packages = {package, "scikit-learn", "numpy"}
    what = dict(peer=kind, settings=chosen, preparation=preparation, seed=SEED, data=draw.digest,
                versions={p: version(p) for p in sorted(packages)}, form=1)
    digest = hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:16]
    slug = "".join(c if c.isalnum() else "-" for c in name)
    return f"{cache}/{table}.{seed}.{slug}.{digest}.json", what


def report(name, draws, seeds, cache, data, folder):
    first, results = draws[0], {"Holdfast": [draw.ours for draw in draws]}
    for peer in PEERS:
        paths = [kept(cache, name, seed, peer, draw)[0] for seed, draw in zip(seeds, draws)]
        if all(os.path.exists(p) for p in paths):
            results[peer] = [(r["logLoss"], r["auc"]) for r in (json.load(open(p)) for p in paths)]
    counted = [p for p in results if p in PEERS and PEERS[p][4]]
    missing = [p for p in PEERS if PEERS[p][4] and p not in results]
    weights = {}
    for member in first.members:
        if all(member in d.members for d in draws):
            results[f"ours: {member}"] = [d.members[member][:2] for d in draws]
            weights[f"ours: {member}"] = np.mean([d.members[member][2] or 0 for d in draws])
    mean = {k: np.mean(v, axis=0) for k, v in results.items()}
    differ = same_as_file(first, data, folder)
    print(f"\n{name}: {len(first.left):,} customers, {first.left.mean():.4f} left, {len(first.columns)} columns "
          f"({first.matrix.shape[1]} one-hot), {len(np.unique(first.fold))} folds, fold seeds {', '.join(map(str, seeds))}; "
          + ("columns not compared with the file" if differ is None else f"{differ} cells differ from the file"))
    print(f"  {'':30} {'log-loss':>9} {'sd':>7} {'AUC':>8} {'sd':>7}   log-loss by fold seed")
    sd = lambda values, at: np.std([v[at] for v in values], ddof=1) if len(values) > 1 else float("nan")
    for k in sorted(results, key=lambda k: mean[k][0]):
        mark = "*" if k == "Holdfast" else "+" if k in weights else " " if PEERS[k][4] else "-"
        print(f"{mark} {k:30} {mean[k][0]:9.5f} {sd(results[k], 0):7.5f} {mean[k][1]:8.5f} {sd(results[k], 1):7.5f}   "
              + " ".join(f"{v[0]:.5f}" for v in results[k])
              + (f"   mean weight {weights[k]:.2f}" if weights.get(k) else ""))
    print(f"  Holdfast: {np.mean([d.seconds for d in draws]):.2f} s a run, CPU {np.mean([d.cpu for d in draws]):.2f} s"
          "; * ours, + one learner of ours, - beside the agreed peers" + (f"; not fitted yet: {', '.join(missing)}" if missing else ""))
    if not counted:
        return f"{name}: no peer's figures are kept", None
    best = min(counted, key=lambda k: mean[k][0])
    gaps = [a[0] - b[0] for a, b in zip(results["Holdfast"], results[best])]
    gap = float(np.mean(gaps))
    ahead = max(counted, key=lambda k: mean[k][1])
    gap_auc = float(mean["Holdfast"][1] - mean[ahead][1])
    word = "better" if gap < 0 else "within .0005" if gap <= NEAR else "WORSE"
    error = f", standard error {np.std(gaps, ddof=1) / len(gaps) ** 0.5:.5f}" if len(gaps) > 1 else ""
    verdict = (f"{name}: {word}: log-loss {gap:+.5f} against {best}{error}; AUC {gap_auc:+.5f} against {ahead} "
               f"({'no worse than .001 below' if gap_auc >= -AUC_NEAR else 'MORE THAN .001 BELOW'})"
               + ("; PEERS MISSING" if missing else ""))
    return verdict, (gap <= NEAR and gap_auc >= -AUC_NEAR and not missing, gap < 0)


def bayes(shared, cache, work, options):
    """A million customers whose true probabilities the generator knows: how far ours stay behind them."""
    data, truth = f"{cache}/bayes-{BAYES_ROWS}.csv", f"{cache}/bayes-{BAYES_ROWS}.json"
    if not os.path.exists(truth):
        note(f"drawing {BAYES_ROWS:,} customers")
        text = told([sys.executable, f"{shared}/bench/gen.py", str(BAYES_ROWS), data]).strip().splitlines()[-1]
        with open(truth + ".new", "w") as file:
            file.write(text)
        os.replace(truth + ".new", truth)
    truth = json.load(open(truth))
    told([os.environ["HOLDFAST"], "init", f"{work}/bayes", "--data", data])
    draw = Draw(f"{work}/bayes", 1, options)
    gap = draw.ours[0] - truth["bayes_logloss"]
    print(f"\nbayes: {BAYES_ROWS:,} customers of a known truth, {len(np.unique(draw.fold))} folds: log-loss {draw.ours[0]:.5f}, "
          f"of the truth {truth['bayes_logloss']:.5f}; AUC {draw.ours[1]:.5f}, of the truth {truth['bayes_auc']:.5f}; "
          f"{draw.seconds:.1f} s, CPU {draw.cpu:.1f} s")
    fine = gap <= BAYES_NEAR
    return f"bayes: {'within .002' if fine else 'FURTHER THAN .002'}: log-loss {gap:+.5f} above the truth's", (fine, None)


def main():
    parse = argparse.ArgumentParser(prog="scripts/quality", allow_abbrev=False)
    parse.add_argument("tables", nargs="*", metavar="TABLE", help=f"{', '.join(TABLES)}, bayes, or a file")
    parse.add_argument("--seeds", type=int, default=5, help="fold seeds 1 to this")
    parse.add_argument("--learners", help="train.learners, with commas")
    parse.add_argument("--set", action="append", default=[], metavar="A.B=V", help="passed to holdfast run")
    parse.add_argument("--peers", help="only these, with commas")
    parse.add_argument("--cached", action="store_true", help="fit no peer; show those whose figures are kept")
    parse.add_argument("--cache", help="folder of the peers' figures")
    parse.add_argument("--threads", type=int, default=2, help="Holdfast's threads; peers always have one")
    parse.add_argument("--id", action="append", default=[], help="a file's key columns, as holdfast init --id")
    parse.add_argument("--target", help="a file's target, as holdfast init --target")
    for hidden in ("--root", "--work", "--called"):
        parse.add_argument(hidden, required=True, help=argparse.SUPPRESS)
    options = parse.parse_args()
    if options.seeds < 1:
        parse.error("--seeds: at least 1")
    shared = os.path.join(os.path.dirname(options.root), "shared")
    cache = os.path.join(options.called, options.cache) if options.cache else f"{options.root}/.build/quality-cache"
    os.makedirs(cache, exist_ok=True)
    if options.peers:
        unknown = set(options.peers.split(",")) - set(PEERS)
        if unknown:
            parse.error(f"no such peer: {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
        for name in set(PEERS) - set(options.peers.split(",")):
            del PEERS[name]

    seeds, drawn, absent, verdicts = list(range(1, options.seeds + 1)), {}, [], []
    for name in options.tables or [*TABLES, "bayes"]:
        if name == "bayes":
            if not os.path.exists(f"{shared}/bench/gen.py"):
                absent.append("bayes: ../shared/bench/gen.py is not there")
            continue
        data = f"{shared}/data/{TABLES[name]}" if name in TABLES else os.path.join(options.called, name)
        if not os.path.exists(data):
            absent.append(f"{name}: {'../shared/data/' + TABLES[name] if name in TABLES else data} is not there")
            continue
        name = name if name in TABLES else os.path.splitext(os.path.basename(name))[0]
        folder = f"{options.work}/{name}"
        told([os.environ["HOLDFAST"], "init", folder, "--data", data, *[a for i in options.id for a in ("--id", i)],
              *(["--target", options.target] if options.target else [])])
        draws = []
        for seed in seeds:
            draws.append(Draw(folder, seed, options))
            draws[-1].encode()
            note(f"{name}, fold seed {seed}: ours {draws[-1].ours[0]:.5f} {draws[-1].ours[1]:.5f}")
        drawn[name] = (draws, data, folder)
    for peer in [] if options.cached else PEERS:
        for name, (draws, _, _) in drawn.items():
            for seed, draw in zip(seeds, draws):
                path, what = kept(cache, name, seed, peer, draw)
                if os.path.exists(path):
                    continue
                start = time.process_time()
                loss, auc = draw.peer(peer)
                cpu = time.process_time() - start
                with open(path + ".new", "w") as file:
                    json.dump(dict(what, table=name, foldSeed=seed, logLoss=loss, auc=auc, cpu=cpu), file)
                os.replace(path + ".new", path)
                note(f"{name}, fold seed {seed}: {peer} {loss:.5f} {auc:.5f}, CPU {cpu:.1f} s")
    with_settings = " ".join(settings(options)[1::2]) or "defaults"
    print(f"Holdfast with {with_settings}; peers: " + ", ".join(
        f"{p} {version(p)}" for p in sorted({PEERS[k][0] for k in PEERS})))
    for name, (draws, data, folder) in drawn.items():
        verdicts.append(report(name, draws, seeds, cache, data, folder))
    if "bayes" in (options.tables or ["bayes"]) and not any(a.startswith("bayes:") for a in absent):
        verdicts.append(bayes(shared, cache, options.work, options))
    print()
    for line in absent:
        print(line)
    for line, _ in verdicts:
        print(line)
    met = [v for _, v in verdicts if v]
    better = sum(1 for v in met if v[1])
    wanted = 2 if len(drawn) == len(TABLES) else 0
    fine = bool(met) and all(v[0] for v in met) and len(met) == len(verdicts) and better >= wanted and not absent
    if drawn:
        print(f"better on {better} of {len(drawn)} tables (wanted: {wanted})")
    print("target met" if fine else "TARGET NOT MET" if verdicts else "nothing was measured")
    return 0 if fine else 1 if verdicts else 2


if __name__ == "__main__":
    sys.exit(main())
