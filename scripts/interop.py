"""Opens every table under artifacts/latest of a project with pyarrow, pandas, Polars and DuckDB and
compares rows, missing values, sums and text; then the tables with the documents and CSV beside them.

interop.py FOLDER [--source CSV]      one line a check; exit code 1 where one fails
"""

import csv
import hashlib
import json
import math
import pathlib
import sys

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.feather
import pyarrow.ipc

passed = failed = 0


def check(name, function):
    """Prints one line; a difference or an error of any kind is a failure."""
    global passed, failed
    try:
        remark = function()
        passed += 1
        print(f"pass  {name}" + (f": {remark}" if remark else ""))
    except Exception as error:  # whatever another program throws at our file
        failed += 1
        print(f"FAIL  {name}: {type(error).__name__}: {error}")


def same(seen, wanted, what):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, expected {wanted!r}")


def portrait(values):
    """What is compared of a column: rows, missing, then the exact sum of numbers or a digest of texts."""
    present = [v for v in values if v is not None and not (isinstance(v, float) and math.isnan(v))]
    if present and isinstance(present[0], str):
        digest = hashlib.sha256()
        for value in values:
            digest.update(b"\xff" if value is None or value != value else value.encode() + b"\xfe")
        return len(values), len(values) - len(present), digest.hexdigest()[:16]
    return len(values), len(values) - len(present), math.fsum(present)


def portraits(columns):
    return {name: portrait(values) for name, values in columns.items()}


def of_pyarrow(path):
    with pyarrow.memory_map(str(path)) as source:
        table = pyarrow.ipc.open_file(source).read_all()
        table.validate(full=True)
        return table, {name: table[name].to_pylist() for name in table.column_names}


def of_pandas(path):
    frame = pandas.read_feather(path)
    columns = {}
    for name in frame.columns:
        column = frame[name].astype(object)
        columns[name] = column.where(column.notna(), None).tolist()
    return columns


def of_polars(path):
    frame = polars.read_ipc(path)
    columns = {}
    for column in frame:
        if column.dtype in (polars.Categorical, polars.Enum):
            column = column.cast(polars.String)
        columns[column.name] = column.to_list()
    return columns


def of_duckdb(path):
    table = pyarrow.feather.read_table(path)
    base = duckdb.connect()
    base.register("ours", table)
    columns = {}
    for name in table.column_names:
        quoted = '"' + name.replace('"', '""') + '"'
        rows = base.execute(f"select {quoted} from ours").fetchall()
        columns[name] = [row[0] for row in rows]
    counted = base.execute("select count(*) from ours").fetchall()[0][0]
    same(counted, table.num_rows, "count(*)")
    base.close()
    return columns


def table_checks(path, label):
    """Checks of one file; its columns as pyarrow reads them."""
    held = {}

    def arrow():
        table, columns = of_pyarrow(path)
        held.update(columns)
        for name, column in zip(table.column_names, table.columns):
            same(column.null_count, portrait(columns[name])[1], f"missing in {name}")
        return f"{table.num_rows} rows, {table.num_columns} columns"

    check(f"{label} pyarrow", arrow)
    wanted = portraits(held)
    for program, read in [("pandas", of_pandas), ("polars", of_polars), ("duckdb", of_duckdb)]:

        def agrees():
            seen = portraits(read(path))
            same(list(seen), list(wanted), "columns")
            for name in wanted:
                same(seen[name], wanted[name], f"column {name}")

        check(f"{label} {program}", agrees)
    return held


def main():
    folder = pathlib.Path(sys.argv[1])
    source = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 and sys.argv[2] == "--source" else None
    latest = folder / "artifacts" / "latest"
    print(
        f"pyarrow {pyarrow.__version__}, pandas {pandas.__version__}, polars {polars.__version__}, "
        f"duckdb {duckdb.__version__}"
    )
    tables = {}
    for path in sorted(latest.glob("*/*.arrow")):
        tables[path.name] = table_checks(path, str(path.relative_to(latest)))
    check("there are tables", lambda: same(bool(tables), True, "any *.arrow"))

    def document(path):
        return json.loads((latest / path).read_bytes())

    if (latest / "ingest" / "intake.json").exists():

        def intake():
            found = document("ingest/intake.json")
            customers = tables["customers.arrow"]
            for column in found["columns"]:
                rows, missing, _ = portrait(customers[column["name"]])
                same(rows, found["rowsAccepted"], "rows accepted")
                same(missing, column["missing"], f"missing in {column['name']}")
            same(len(next(iter(tables["rejects.arrow"].values()))), found["rowsRejected"], "rows rejected")
            return f"{found['rowsRead']} rows read"

        check("intake.json against customers and rejects", intake)

    if source is not None:

        def against_source():
            with open(source, newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            customers = tables["customers.arrow"]
            rejects = len(next(iter(tables["rejects.arrow"].values())))
            count = len(next(iter(customers.values())))
            same(count + rejects, len(rows), "rows")
            if rejects:
                return "rows only: some were rejected"
            for name, values in customers.items():
                for row, value in zip(rows, values):
                    text = row[name].strip()
                    if value is None:
                        same(text in ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"), True, f"{name} {text!r}")
                    elif isinstance(value, str):
                        same(value, row[name], name)
                    else:
                        same(float(value), float(text), name)
            return f"{count} rows, every value"

        check("customers against the source, by the csv module", against_source)

    if (latest / "rank" / "ranking.csv").exists():

        def ranking():
            frame = pandas.read_csv(latest / "rank" / "ranking.csv", dtype=str, keep_default_na=False)
            ours = tables["ranking.arrow"]
            same(len(frame), len(ours["key"]), "rows")
            for name in frame.columns:
                for text, value in zip(frame[name], ours[name]):
                    if value is None:
                        same(text, "", name)
                    elif isinstance(value, str):
                        # A spreadsheet would take these for formulas; the CSV has a ' before them.
                        guarded = "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
                        same(text, guarded, name)
                    else:
                        same(float(text), float(value), name)
            return f"{len(frame)} rows, every value"

        check("ranking.csv against ranking.arrow", ranking)

    if {"features.arrow", "predictions.arrow"} <= tables.keys():

        def keys():
            features = tables["features.arrow"]["key"]
            same(features, sorted(features, key=lambda key: key.encode()), "features in key order")
            same(tables["predictions.arrow"]["key"], features, "keys of predictions")
            same(tables["predictions.arrow"]["fold"], tables["features.arrow"]["fold"], "folds of predictions")
            probability = tables["predictions.arrow"]["probability"]
            same(all(0 <= p <= 1 for p in probability), True, "probabilities in [0, 1]")

        check("predictions against features", keys)

    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
