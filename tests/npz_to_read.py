"""Writes with numpy what tests/test_npz.c reads: argument 1 is the folder."""
import io
import sys
import zipfile
import zlib

import numpy as np

folder = sys.argv[1]
W = np.arange(15, dtype=np.float32).reshape(5, 3) / 4
np.savez(
    folder + "/good.npz",
    W=W,
    W64=W.astype(np.float64),
    integers=(W * 4).astype(np.int64),
    bytes=(W * 4).astype(np.uint8),
    bools=np.array([True, False, True]),
    number=np.float32(2.5),
    empty=np.zeros((0, 3), np.float32),
    fortran=np.asfortranarray(W),
    big=W.astype(">f4"),
    complex=W.astype(np.complex64),
    text=np.array(["a", "b"]),
    six=np.zeros((1, 1, 1, 1, 1, 1), np.float32),
)
np.savez_compressed(folder + "/packed.npz", W=W)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def put(file, content):
    with zipfile.ZipFile(folder + "/" + file, "w") as archive:
        archive.writestr("W.npy", content)


with open(folder + "/crc.txt", "w") as file:
    file.write(str(zlib.crc32(npy(W))))
put("short.npz", npy(W)[:-4])
put("long.npz", npy(W) + b"\0")
put("huge.npz", npy(W).replace(b"(5, 3), }" + b" " * 20, b"(3000000000, 3000000000), }  "))
put("negative.npz", npy(W).replace(b"(5, 3)", b"(5,-3)"))
put("shapeless.npz", npy(W).replace(b"'shape'", b"'shope'"))
put("text.npz", b"W is 1 2 3")
put("nothing.npz", b"")
raw = open(folder + "/good.npz", "rb").read()
at = raw.index(W.tobytes())
open(folder + "/flipped.npz", "wb").write(raw[: at + 9] + bytes([raw[at + 9] ^ 4]) + raw[at + 10 :])
open(folder + "/cut.npz", "wb").write(raw[: len(raw) // 2])
open(folder + "/zero.npz", "wb").close()
