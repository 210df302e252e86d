"""Opens what tests/test_npz.c wrote with numpy.load and compares it with the values it must hold."""
import sys
import zipfile

import numpy as np

path = sys.argv[1]
arrays = np.load(path)
half = np.arange(24, dtype=np.float64).reshape(2, 3, 4) / 2
expected = {
    "W": half.astype(np.float32),
    "data.feature_probability": half.reshape(24),
    "seed": np.array([-(2**63), 0, 2**63 - 1]),
    "best": np.array([True, False, True]),
    "beta1": np.array(0.9),
    "model": np.array("relu_output"),
    "geometry": np.array([["pentagon", ""], ["Übergröße", "\U0001d54f"]]),
    "deep": np.arange(32, dtype=np.float32).reshape(2, 2, 2, 2, 2),
    "none": np.zeros((0, 5), np.float32),
}
assert sorted(arrays.files) == sorted(expected), arrays.files
for name, value in expected.items():
    assert arrays[name].dtype == value.dtype, (name, arrays[name].dtype, value.dtype)
    assert arrays[name].shape == value.shape, (name, arrays[name].shape)
    assert arrays[name].flags.c_contiguous
    assert (arrays[name] == value).all(), name
for entry in zipfile.ZipFile(path).infolist():
    assert entry.date_time == (1980, 1, 1, 0, 0, 0), entry
