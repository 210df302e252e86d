"""Runs the Python snippet of `superpose help store` on a store made by tests/test_store.c.

Arguments: the printed schema, the store. Where pandas is missing, its place is taken by a stand-in
that only runs the queries: the arrays are checked either way."""
import sys
from unittest import mock

import numpy as np

schema, store = sys.argv[1:]
try:
    import pandas
except ImportError:
    pandas = mock.MagicMock()
    asked = []

    def read_sql(sql, db, **options):
        asked.append(db.execute(sql).fetchall())
        return mock.MagicMock()

    pandas.read_sql = read_sql
    sys.modules["pandas"] = pandas

snippet = open(schema).read().split("-- In Python", 1)[1].split("\n", 1)[1]
assert "results/intro.db" in snippet
names = {}
exec(snippet.replace("results/intro.db", store), names)


def tensor_value(run, step, kind, i):
    return (run * 1000 + step * 100 + kind * 50 + i) / 8


for run in range(4):
    W, b = names["tensor"](run, "W"), names["tensor"](run, "b")
    assert W.dtype == np.float32 and W.shape == (5, 2) and b.shape == (5,)
    assert (W.ravel() == [tensor_value(run, 10, 0, i) for i in range(10)]).all()
    assert (b == [tensor_value(run, 10, 1, i) for i in range(5)]).all()
assert np.array_equal(names["norms"], [0, 1 / 7, 2 / 7, np.nan, 4 / 7], equal_nan=True)
assert (names["W"] == names["tensor"](0, "W")).all()

db = names["db"]
rows = db.execute("SELECT number, point, restart, seed, best, steps, loss FROM result").fetchall()
assert rows == [(i, i // 2, i % 2, i // 2, i % 2, 10, 4.0 - i) for i in range(4)], rows
rows = db.execute("SELECT * FROM scalar WHERE number = 2").fetchall()
assert sorted(rows) == [(2, "geometry", 1.0, 'pen"tagon'), (2, "loss", 2.0, None)], rows
rows = db.execute("SELECT * FROM curve WHERE number = 2 AND name = 'loss'").fetchall()
assert rows == [(2, 10, "loss", 2.0, None)], rows
if not isinstance(pandas, mock.MagicMock):
    table = names["table"]
    assert list(table["train.seed"]) == [0, 0, 1, 1] and list(table["loss"]) == [4, 3, 2, 1]
else:
    assert [len(rows) for rows in asked] == [4, 8]
