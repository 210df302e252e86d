#!/usr/bin/env python3
"""The viewer as its user has it: a real window on a display in memory (Xvfb), moved by a real pointer and keys (xdotool).

    tests/check/window.py build/superpose                  checks
    tests/check/window.py build/superpose --make-pictures  makes the golden pictures anew (look at them before a commit)
    tests/check/window.py build/tsan/superpose --restless  only keeps it busy: threads meet at every turn

How far a run is, and what was done to it, is read from the config that C saves; what is on the screen from screenshots.
Golden pictures (tests/reference/window) are of a paused run at a step that single steps have led to, so nothing in them
depends on time. Every wait has a limit; what does not come within it is a failure.
"""
import ctypes
import itertools
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "tests/reference/window"
LIMIT = 30  # seconds for anything to happen; a machine with much else to do needs some of them
ALL_LIMIT = 420  # for everything

# Root mean square of what golden pictures may differ by when both are blurred by two pixels, black to white being 1.
# Another version of the font's renderer moves text by parts of a pixel: half a pixel for everything on a page comes to
# 0.0034, for its title to 0.0022. The shortest arrow missing: 0.0106; a longer one, a curve: 0.013; a bar: 0.037.
TOLERANCE = 0.007

# Places on a page of 1280 x 800 with controls.
SCENE = "940x604+12+100"  # with what is said at its foot
PROBABILITY = ((1134, 292), (1230, 292))  # the slider's knob at 0.05, and more
TIME_LINE = ((500, 745), (22, 745))  # to about step 20, earlier than any run is paused
FEATURE = (556, 278)  # an arrow's tip at step 0
CORNER = (2, 2)
CELLS = ((100, 250), (600, 400), (900, 600), (120, 600))  # of the map of this sweep
MAP = ("configs/paper/phase_2_to_1.yaml", "train.restarts=1", "train.steps=300")


def call(*words, limit=LIMIT, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=limit, **options)
    return done.stdout.strip() if done.returncode in (0, 1) and words[0] == "compare" else check(done)


def check(done):
    if done.returncode:
        sys.exit(f"window: {done.args} ended with {done.returncode}: {done.stderr}")
    return done.stdout.strip()


def expect(holds, what):
    if not holds:
        sys.exit(f"window: {what}")


def until(holds, what, limit=LIMIT):
    """The first true value; asks again and again, but not for ever."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.05)
    sys.exit(f"window: {what}: not within {limit} s")


def distance(a, b):
    """Root mean square of two pictures' differences, 0 to 1; 1 where they are not of one size."""
    done = subprocess.run(["compare", "-metric", "RMSE", a, b, "null:"], capture_output=True, text=True, timeout=LIMIT)
    said = re.search(r"\(([\d.e+-]+)\)", done.stderr)
    return float(said[1]) if said else 1.0


def likeness(a, b, folder):
    """The distance of what is left of them when text's exact place does not matter."""
    blurred = [folder / "blurred-a.png", folder / "blurred-b.png"]
    for picture, path in zip([a, b], blurred):
        call("convert", picture, "-blur", "0x2", path)
    return distance(*blurred)


class Viewer:
    """One `superpose view` with its window."""

    all = []

    def __init__(self, program, folder, *words):
        self.folder, self.said = folder, folder / "said"
        self.program = program
        state = {"XDG_STATE_HOME": str(folder / f"state-{len(Viewer.all)}")}  # each is the first, and not its user's
        self.process = subprocess.Popen([program, "view", *words], cwd=folder, env=os.environ | state,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.said.open("w"), start_new_session=True)
        Viewer.all.append(self)
        self.id = until(self.find, "no window opens")
        call("xdotool", "windowfocus", "--sync", self.id)
        self.point(CORNER)

    def find(self):
        expect(self.process.poll() is None, f"view ended at once: {self.said.read_text()}")
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], capture_output=True, text=True,
                               timeout=LIMIT)
        return next((w for w in found.stdout.split() if call("xdotool", "getwindowname", w)), None)

    def title(self):
        return call("xdotool", "getwindowname", self.id)

    def key(self, *keys):
        call("xdotool", "key", *keys)

    def point(self, place):
        call("xdotool", "mousemove", "--window", self.id, *place)

    def click(self, place):
        self.point(place)
        call("xdotool", "click", 1)

    def drag(self, start, end, n=8):
        """In steps, as a hand does, so that the window sees them one by one."""
        self.point(start)
        call("xdotool", "mousedown", 1)
        for i in range(1, n + 1):
            self.point([a + (b - a) * i // n for a, b in zip(start, end)])
            time.sleep(0.05)
        call("xdotool", "mouseup", 1)
        self.point(CORNER)

    def shot(self, name, part=None):
        path = self.folder / f"{name}.png"
        call("import", "-window", self.id, *(["-crop", part] if part else []), "+repage", path)
        return path

    def resize(self, width, height):
        call("xdotool", "windowsize", self.id, width, height)

    def saved(self, key, pattern):
        """The file that a key makes appear, when it is whole."""
        before = set(self.folder.glob(f"results/{pattern}"))
        self.key(key)
        path = until(lambda: next(iter(set(self.folder.glob(f"results/{pattern}")) - before), None), f"{key} saves none")
        until(lambda: path.stat().st_size, f"{path} stays empty")
        return path

    def config(self):
        """The config that C saves, and the step it leads to."""
        path = self.saved("c", "*.yaml")
        return path, int(re.search(r"^  steps: (\d+)", path.read_text(), re.M)[1])

    def step(self):
        return self.config()[1]

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, how, by="q"):
        how(self)
        try:
            code = self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            sys.exit(f"window: {by} does not end the view")
        expect(code == 0, f"view ended with {code}: {self.said.read_text()}")
        expect(not self.said.read_text(), f"view said: {self.said.read_text()}")
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return
        sys.exit("window: view left a process behind")


def close_by_user(viewer):
    """What a window manager does when its user closes a window; there is none here."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong

    class ClientMessage(ctypes.Structure):
        _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
                    ("display", ctypes.c_void_p), ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
                    ("format", ctypes.c_int), ("data", ctypes.c_long * 5), ("rest_of_event", ctypes.c_long * 24)]

    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    atom = [x11.XInternAtom(display, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")]
    event = ClientMessage(33, 0, 1, display, int(viewer.id), atom[0], 32, (ctypes.c_long * 5)(atom[1]))
    x11.XSendEvent(display, ctypes.c_ulong(int(viewer.id)), 0, ctypes.c_long(0), ctypes.byref(event))
    x11.XCloseDisplay(display)


def train_and_pause(viewer):
    first = viewer.step()
    until(lambda: viewer.step() > first, "the run does not train")
    viewer.key("space")
    until(lambda: viewer.step() == viewer.step(), "Space does not pause it")


def see_scenes(viewer):
    shots = []
    for scene in range(1, 9):
        viewer.key(str(scene))
        time.sleep(0.3)
        shots.append(viewer.shot(f"scene-{scene}", SCENE))
    for a, b in itertools.combinations(shots, 2):
        expect(distance(a, b) > 0.01, f"{a.stem} and {b.stem} look alike")
    viewer.key("1")


def touch(viewer):
    """A slider moves while the run trains; the config says when and to what, and trains it again."""
    viewer.key("space")
    viewer.drag(*PROBABILITY)
    path, step = until(lambda: next(iter([c for c in [viewer.config()] if "\nchanges:" in c[0].read_text()]), None),
                       "the slider changes nothing")
    viewer.key("space")
    steps = [int(s) for s in re.findall(r"\{step: (\d+), set: \{data.feature_probability: ", path.read_text())]
    expect(steps and steps == sorted(steps) and steps[-1] < step, f"changes at {steps} of {step} steps")
    store = viewer.folder / "again.db"
    call(viewer.program, "run", path, "--quiet", "--no-figures", "-o", store, limit=120)
    expect(" done" in call(viewer.program, "info", store), "the saved config does not train to its end")


def scrub(viewer):
    now = viewer.step()
    viewer.drag(*TIME_LINE)
    until(lambda: viewer.step() < now, "the time line does not look back")
    viewer.key("End")
    until(lambda: viewer.step() == now, "End does not return to now")


def settled(viewer):
    """A screenshot of a scene on which nothing has changed for longer than a message lasts."""
    first = viewer.shot("settled", SCENE)
    time.sleep(4.5)
    return first if distance(first, viewer.shot("later", SCENE)) == 0 else None


def look(viewer):
    """What changes the page, and what undoes it: help, presets, the theme, a selected feature."""
    viewer.key("r")
    before = until(lambda: settled(viewer), "the page does not come to rest")
    for name, change, back in [("help", "F1", "F1"), ("presets", "p", "Escape"), ("theme", "t", "t"),
                               ("select", None, "Escape")]:
        if change:
            viewer.key(change)
        else:
            viewer.click(FEATURE)
            viewer.point(CORNER)
        until(lambda: distance(before, viewer.shot(name, SCENE)) > 0.002, f"{name}: nothing is to be seen")
        viewer.key(back)
        until(lambda: distance(before, viewer.shot(name, SCENE)) == 0, f"{name}: cannot be undone")


def record(viewer):
    viewer.key("space")
    start = time.monotonic()
    viewer.key("v")
    time.sleep(2)
    seconds = time.monotonic() - start
    film = viewer.saved("v", "*.mp4")

    def n_frames():
        done = subprocess.run(["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of",
                               "csv=p=0", film], capture_output=True, text=True, timeout=LIMIT)
        return int(done.stdout or 0) if done.returncode == 0 else 0

    n = until(n_frames, f"{film} is never finished")
    expect(abs(n / 30 - seconds) < 1, f"{n} frames for {seconds:.1f} s, 30 a second")
    viewer.key("space")


def picture_is_of_the_page(viewer):
    """S saves what is on the screen, twice as fine, without the sentence that says so."""
    picture = viewer.saved("s", "*.png")
    small = viewer.folder / "small.png"
    until(lambda: subprocess.run(["convert", picture, "-resize", "50%", small], capture_output=True,
                                 timeout=LIMIT).returncode == 0, f"{picture} is never whole")
    until(lambda: distance(viewer.shot("page"), small) < 0.03, "the saved picture is not of the page")


def compare_pictures(viewer, make):
    """A paused run at a step that single steps have led to looks as it did when the golden pictures were made."""
    viewer.resize(640, 400)
    viewer.key("r", "Tab")
    until(lambda: viewer.step() == 0, "R does not start again")
    picture_is_of_the_page(viewer)
    for name, keys in {"geometry-0": "1", "gram-0-dark": "2t", "dimensionality-3": "t3", "samples-3": "8"}.items():
        viewer.key(*keys)
        for step in range(1, 4) if name == "dimensionality-3" else []:
            viewer.key("Right")
            until(lambda: viewer.step() == step, "→ is not one step")
        golden, shown = PICTURES / f"{name}.png", viewer.folder / f"{name}.png"
        kept = viewer.program.parent / f"window-{name}.png"
        if make:
            time.sleep(6)  # the sentence about the saved config is gone
            call("convert", viewer.shot(name), "-strip", golden)
        unlike = lambda: likeness(viewer.shot(name), golden, viewer.folder)
        try:
            until(lambda: unlike() <= TOLERANCE, f"{name} is not like {golden}, see {kept}")
        finally:
            print(f"window: {name}: {unlike():.4f} from the golden picture, {TOLERANCE} allowed")
            shutil.copy(shown, kept)


def keep_busy(program, folder):
    """Touches, presets, a film and scenes while one run trains, and many; then it is closed in the middle. At last a
    map is filled, and its cells are clicked."""
    for words in (["--run", "79"], []):
        viewer = Viewer(program, folder, "configs/intro.yaml", *words, "-j", "2")
        viewer.resize(1280, 800)
        viewer.key("v")
        for i in range(4):
            viewer.drag(*PROBABILITY[:: (-1) ** i], n=10)
            viewer.drag(*TIME_LINE)
            viewer.key("s", "shift+s", "End", str(1 + i), str(8 - i), "plus", "Right", "space")
        viewer.saved("c", "*.yaml")
        viewer.saved("v", "*.mp4")
        viewer.key("n", "bracketright", "r", "bracketleft")
        viewer.end(lambda v: v.key("q"))
    for keys in ("space", "space"), ("r", "plus"):  # the second goes on with what the first has stored
        viewer = Viewer(program, folder, *MAP, "-j", "2")
        viewer.resize(1280, 800)
        viewer.key("5")
        for cell in CELLS:
            viewer.click(cell)
            viewer.key("1")
            viewer.drag(*PROBABILITY)
            viewer.key(*keys, "5")
        viewer.end(lambda v: v.key("q"))
    print("window: kept busy")


def kept_step(folder):
    """Where the run of intro that was watched is left in its store."""
    store = sqlite3.connect(f"file:{folder}/results/intro.view.db?mode=ro", uri=True)
    try:
        expect(store.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the store is damaged")
        return store.execute("SELECT max(steps) FROM run WHERE status = 'interrupted'").fetchone()[0] or 0
    finally:
        store.close()


def end_from_outside(program, folder):
    """A signal is as good as the user's closing it; a display that goes is told, and takes nothing with it either."""
    kept, words = 0, ["configs/intro.yaml", "--run", "78"]
    folder.mkdir()
    (folder / "configs").symlink_to(ROOT / "configs")
    for number in signal.SIGINT, signal.SIGHUP, signal.SIGTERM:
        viewer = Viewer(program, folder, *words)
        until(lambda: viewer.step() > kept + 50, "the run does not go on")
        viewer.end(lambda v: v.process.send_signal(number), number.name)
        step = kept_step(folder)
        expect(step > kept + 50, f"{number!r} keeps step {step}, after {kept}")
        kept = step
    here = os.environ["DISPLAY"]
    server = open_display()
    viewer = Viewer(program, folder, *words)
    until(lambda: viewer.step() > kept + 50, "the run does not go on")
    server.kill()
    code, said = viewer.process.wait(LIMIT), viewer.said.read_text()
    server.wait(LIMIT)
    os.environ["DISPLAY"] = here
    expect(code == 1 and said == "superpose-render: the display has gone; what was watched is kept in "
           "results/intro.view.db, and goes on from there\n", f"without its display it ends with {code}: {said}")
    expect(kept_step(folder) > kept + 50, "a display that goes takes the run with it")


def stop(number, frame):
    timed_out = number == signal.SIGALRM
    sys.exit(f"window: not done within {ALL_LIMIT} s" if timed_out else f"window: ended by {signal.Signals(number).name}")


def all_of_it(program, folder, make):
    intro = "configs/intro.yaml"
    viewer = Viewer(program, folder, intro, "--run", "79")
    viewer.resize(1280, 800)
    if make:
        viewer.key("space")
        compare_pictures(viewer, make)
        return viewer.end(lambda v: v.key("q"))
    train_and_pause(viewer)
    see_scenes(viewer)
    touch(viewer)
    scrub(viewer)
    look(viewer)
    record(viewer)
    title = viewer.title()
    viewer.key("bracketright")
    until(lambda: viewer.title() != title, "] loads no preset")
    viewer.key("bracketleft")
    until(lambda: viewer.title() == title, "[ does not go back")
    viewer.end(lambda v: v.key("q"))

    viewer = Viewer(program, folder, intro, "--run", "79")
    viewer.key("space")
    compare_pictures(viewer, make)
    viewer.end(close_by_user, "its window's close")

    viewer = Viewer(program, folder, intro)
    train_and_pause(viewer)
    viewer.key("space")
    viewer.end(lambda v: v.process.send_signal(signal.SIGTERM), "SIGTERM")
    end_from_outside(program, folder / "outside")


def open_display():
    """Another X server, in memory, for all that is started from now on."""
    read, write = os.pipe()
    words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as said:  # all of the line: a server that nobody listens to any more ends
        os.environ["DISPLAY"] = ":" + said.readline().strip()
    return server


def main():
    program, make = pathlib.Path(sys.argv[1]).resolve(), "--make-pictures" in sys.argv
    for number in signal.SIGALRM, signal.SIGINT, signal.SIGHUP, signal.SIGTERM:
        signal.signal(number, stop)  # one that is ignored here (nohup) would be ignored by each view, too
    signal.alarm(ALL_LIMIT)
    with tempfile.TemporaryDirectory() as folder:
        server = open_display()
        try:
            (pathlib.Path(folder) / "configs").symlink_to(ROOT / "configs")  # where presets are looked for
            if "--restless" in sys.argv:
                return keep_busy(program, pathlib.Path(folder))
            all_of_it(program, pathlib.Path(folder), make)
        finally:
            for viewer in Viewer.all:
                viewer.kill()
            server.terminate()
            server.wait(LIMIT)
    print("window: all that a user does leads where it should")


main()
