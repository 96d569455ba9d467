"""Writes foreign.arrow (what another program's table may look like), compressed.arrow and nested.arrow.

python3 make_arrow.py   (pyarrow 18 or newer)
"""
import pyarrow as pa
import pyarrow.ipc as ipc

rows = 10
numbers = [None if i == 3 else i * 3 - 7 for i in range(rows)]
natural = [None if i == 4 else i * 5 for i in range(rows)]
reals = [None if i == 5 else i / 4 for i in range(rows)]
texts = [None if i == 6 else "щ" * i for i in range(rows)]
categories = [None if i == 7 else ["да", "no", "可"][i % 3] for i in range(rows)]
columns = {
    "int8": pa.array(numbers, pa.int8()),
    "int16": pa.array(numbers, pa.int16()),
    "int32": pa.array(numbers, pa.int32()),
    "int64": pa.array(numbers, pa.int64()),
    "uint8": pa.array(natural, pa.uint8()),
    "uint16": pa.array(natural, pa.uint16()),
    "uint32": pa.array(natural, pa.uint32()),
    "uint64": pa.array(natural, pa.uint64()),
    "bool": pa.array([None if i == 2 else i % 3 == 0 for i in range(rows)], pa.bool_()),
    "float32": pa.array(reals, pa.float32()),
    "float64": pa.array(reals, pa.float64()),
    "utf8": pa.array(texts, pa.utf8()),
    "large": pa.array(texts, pa.large_utf8()),
    "category8": pa.array(categories).dictionary_encode().cast(pa.dictionary(pa.int8(), pa.utf8())),
    "category32": pa.array(categories).dictionary_encode(),
    "categoryLarge": pa.array(categories, pa.large_utf8()).dictionary_encode(),
}
fields = [
    pa.field(name, column.type, metadata={"unit": "none"} if name == "int64" else None)
    for name, column in columns.items()
]
schema = pa.schema(fields, metadata={"made": "by another program"})
table = pa.table(list(columns.values()), schema=schema)
with ipc.new_file("foreign.arrow", schema) as writer:
    # Batches of 3, 0, 5 and 2 rows: places that are no whole bytes of validity.
    for first, count in [(0, 3), (3, 0), (3, 5), (8, 2)]:
        writer.write_batch(table.slice(first, count).combine_chunks().to_batches()[0] if count
                           else pa.RecordBatch.from_arrays([c.slice(0, 0) for c in columns.values()], schema=schema))
small = pa.table({"a": pa.array(range(1000), pa.int64())})
with ipc.new_file("compressed.arrow", small.schema, options=ipc.IpcWriteOptions(compression="zstd")) as writer:
    writer.write_table(small)
nested = pa.table({"a": pa.array([[1], [2, 3]])})
with ipc.new_file("nested.arrow", nested.schema) as writer:
    writer.write_table(nested)
