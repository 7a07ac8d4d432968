#!/usr/bin/env python3
"""The same pipeline by aphex and by its peers: how long each takes, and how much memory.

    benches/peers.py --install        # once: what can be installed goes to target/peers/
    benches/peers.py                  # the table, as Markdown

Needs `hyperfine` and `time` (Debian packages). A peer that is not installed is left out, with a line that says so.
`docs/performance.md` tells what is measured. Exit status: 0 if aphex is ahead everywhere, 1 if not, 2 if no fair
comparison was made.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "benches" / "peers"

JRSONNET = "0.5.0-pre98"
NICKEL = "1.18.0"

# Where `cargo dist-linux` of `.cargo/config.toml` puts aphex.
LINUX = "x86_64-unknown-linux-gnu"

# How often a process that does nothing may fit into one run of aphex at the smallest size.
GOAL, HOPE = 3.5, 2.5

# Rounds for what takes over a second.
SLOW_ROUNDS = 3

# Commands that ask the network for news would measure the network.
QUIET = {"CDK_DISABLE_CLI_TELEMETRY": "true", "CI": "true", "PYTHONHASHSEED": "0"}


class Trouble(Exception):
    """Something that a person has to see to."""


@dataclass(frozen=True)
class Size:
    """How many environments, and how many stacks in each."""

    environments: int
    stacks: int

    @classmethod
    def parse(cls, text: str) -> Size:
        try:
            environments, stacks = (int(part) for part in text.split("x"))
        except ValueError:
            raise argparse.ArgumentTypeError(f"a size is like 50x10, not `{text}`") from None
        return cls(environments, stacks)

    @classmethod
    def several(cls, text: str) -> list[Size]:
        return [cls.parse(part) for part in text.split(",")]

    def __str__(self) -> str:
        return f"{self.environments:,} × {self.stacks}"

    @property
    def slug(self) -> str:
        return f"{self.environments}x{self.stacks}"

    def words(self, form: str) -> list[str]:
        return shlex.split(form.format(e=self.environments, s=self.stacks))


@dataclass(frozen=True)
class Work:
    """Where the peers are installed, and where they write."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def node(self) -> Path:
        return self.root / "node"

    @property
    def python(self) -> Path:
        return self.root / "venv" / "bin" / "python"

    @property
    def hosts(self) -> Path:
        return self.root / "cargo" / "release"

    def run(self, name: str) -> Path:
        folder = self.root / "run" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclass(frozen=True)
class Program:
    """One row of the table."""

    key: str
    title: str
    # What has to be there.
    needs: Path
    # The command for a size and for the place that it writes to.
    command: Callable[[Size, Path], list[str]]
    # Its version, or the command that tells it.
    version: str | list[str] = ""
    # Whether the place is a folder that it fills; otherwise it is the file that its output goes to.
    folder: bool = False
    # The file of a folder that has to be like the other peers' file.
    document: str = ""
    rival: bool = True
    # Measured only when it is asked for, since its document is another one.
    extra: bool = False

    def target(self, work: Work, size: Size) -> Path:
        return work.run(size.slug) / (self.key if self.folder else f"{self.key}.out")

    def missing(self) -> str | None:
        return None if self.needs.exists() else f"{self.needs} is not there"

    def manifest(self, target: Path) -> Path | None:
        if self.folder:
            return target / self.document if self.document else None
        return target


def printing(*words: str | Path, form: str) -> Callable[[Size, Path], list[str]]:
    """A command that prints, with the size in its own way."""
    return lambda size, _: [*map(str, words), *size.words(form)]


def baselines(work: Work, rustc: str | None) -> list[Program]:
    nothing = work.run("baselines") / "nothing" if rustc else Path("/bin/true")
    finished = work.run("baselines")
    return [
        Program("nothing", "a process that does nothing", nothing, lambda *_: [str(nothing)], rival=False),
        Program(
            "finished",
            "only writing aphex's files",
            Path(rustc or "/no/rustc"),
            lambda size, out: [str(finished / f"finished-{size.slug}"), str(out)],
            folder=True,
            rival=False,
        ),
    ]


def aphex_program(aphex: Path) -> Program:
    def command(size: Size, out: Path) -> list[str]:
        words = size.words("--param environments={e} --param stacks={s}")
        return [str(aphex), "run", str(PEERS / "pipeline.aphex"), "--out", str(out), "--quiet", *words]

    return Program("aphex", "aphex", aphex, command, [str(aphex), "--version"], folder=True, rival=False)


def rivals(work: Work) -> list[Program]:
    modules = work.node / "node_modules"
    node = Path(shutil.which("node") or "/no/node")
    jrsonnet, nickel = work.bin / "jrsonnet", work.bin / "nickel"
    pkl = modules / "@pkl-community" / "pkl-linux-x64" / "bin" / "pkl"
    rhai, starlark = work.hosts / "rhai_host", work.hosts / "starlark_host"
    cdk = modules / ".bin" / "cdk"
    tla = "--tla-code environments={e} --tla-code stacks={s}"

    def synth(size: Size, out: Path) -> list[str]:
        app = shlex.join([str(node), str(work.node / "cdk.mjs")])
        context = size.words("--context environments={e} --context stacks={s}")
        return [str(cdk), "synth", "--quiet", "--no-notices", "--app", app, "--output", str(out), *context]

    def version(modules_name: str) -> list[str]:
        script = f"console.log(JSON.parse(require('fs').readFileSync('{modules / modules_name}/package.json')).version)"
        return [str(node), "-e", script]

    return [
        Program(
            "jrsonnet",
            "jrsonnet",
            jrsonnet,
            printing(jrsonnet, "--format", "yaml", PEERS / "pipeline.jsonnet", form=tla),
            [str(jrsonnet), "--version"],
        ),
        Program(
            "jrsonnet-shared",
            "jrsonnet (shared templates)",
            jrsonnet,
            printing(jrsonnet, "--format", "yaml", PEERS / "pipeline-shared.jsonnet", form=tla),
            extra=True,
        ),
        Program(
            "rhai",
            "Rhai + serde_yaml",
            rhai,
            printing(rhai, PEERS / "pipeline.rhai", form="{e} {s}"),
            crate_version("rhai"),
        ),
        Program(
            "starlark",
            "starlark-rust + serde_yaml",
            starlark,
            printing(starlark, PEERS / "pipeline.star", form="{e} {s}"),
            crate_version("starlark"),
        ),
        Program(
            "pkl",
            "Pkl",
            pkl,
            printing(
                pkl,
                "eval",
                "--format",
                "yaml",
                PEERS / "pipeline.pkl",
                form="--property environments={e} --property stacks={s}",
            ),
            [str(pkl), "--version"],
        ),
        Program(
            "nickel",
            "Nickel",
            nickel,
            printing(
                nickel, "export", "--format", "yaml", PEERS / "pipeline.ncl", form="-- environments={e} stacks={s}"
            ),
            [str(nickel), "--version"],
        ),
        Program(
            "node",
            "Node + js-yaml",
            modules / "js-yaml",
            printing(node, work.node / "pipeline.mjs", form="{e} {s}"),
            version("js-yaml"),
        ),
        Program(
            "hera",
            "Hera",
            work.python,
            printing(work.python, PEERS / "pipeline_hera.py", form="{e} {s}"),
            [str(work.python), "-c", "import importlib.metadata as m; print(m.version('hera'))"],
        ),
        Program(
            "cdk",
            "cdk synth",
            cdk,
            synth,
            version("aws-cdk-lib"),
            folder=True,
            document="workflow-template.yaml",
        ),
    ]


def crate_version(name: str) -> str:
    """The one that the hosts are built with."""
    manifest = tomllib.loads((PEERS / "hosts" / "Cargo.toml").read_text())
    entry = manifest["dependencies"][name]
    return (entry if isinstance(entry, str) else entry["version"]).lstrip("=")


# Installing


def install(work: Work, only: set[str]) -> None:
    """Installs what it can, one at a time and with low priority; what fails is said and left out."""
    steps: list[tuple[set[str], list[str]]] = [
        ({"hera"}, [sys.executable, "-m", "venv", str(work.root / "venv")]),
        (
            {"hera"},
            [str(work.python), "-m", "pip", "install", "--quiet", "--requirement", str(PEERS / "requirements.txt")],
        ),
        ({"node", "cdk", "pkl"}, ["npm", "install", "--prefix", str(work.node), "--no-audit", "--no-fund", "--silent"]),
        ({"jrsonnet"}, cargo_install(work, "jrsonnet", JRSONNET)),
        (
            {"rhai", "starlark"},
            ["cargo", "build", "--release", "--locked", "--manifest-path", str(PEERS / "hosts/Cargo.toml")],
        ),
        ({"nickel"}, cargo_install(work, "nickel-lang-cli", NICKEL)),
    ]
    copy_node(work)
    for keys, command in steps:
        if only and not keys & only:
            continue
        say(f"installing for {', '.join(sorted(keys))}")
        settings = os.environ | {"CARGO_TARGET_DIR": str(work.root / "cargo"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        try:
            failed = subprocess.run(["nice", "-n", "10", *command], env=settings, stdout=sys.stderr).returncode
        except OSError as error:
            say(f"  {error}")
            continue
        if failed:
            say(f"  failed: {shlex.join(command)}")


def cargo_install(work: Work, crate: str, version: str) -> list[str]:
    return ["cargo", "install", "--quiet", "--locked", "--root", str(work.root), crate, "--version", version]


def copy_node(work: Work) -> None:
    """Node looks for modules beside the program, so the programs go where the modules are."""
    work.node.mkdir(parents=True, exist_ok=True)
    for source in (PEERS / "node").iterdir():
        shutil.copy(source, work.node / source.name)


# Preparing


def build_aphex() -> Path:
    say("building aphex")
    static = (sys.platform, platform.machine()) == ("linux", "x86_64")
    if subprocess.run(["cargo", "dist-linux" if static else "dist"], cwd=ROOT, stdout=sys.stderr).returncode:
        raise Trouble("aphex could not be built")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
    return target / LINUX / "dist" / "aphex" if static else target / "dist" / "aphex"


def compile_rust(source: Path, output: Path, settings: dict[str, str] | None = None) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    command = ["rustc", "--edition", "2024", "-O", "-C", "panic=abort", "-o", str(output), str(source)]
    done = subprocess.run(command, env=os.environ | (settings or {}), capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"rustc failed: {done.stderr.strip()}")


def compile_finished(work: Work, size: Size, files: Path) -> None:
    """A program with aphex's files inside of it."""
    baselines = work.run("baselines")
    kept = baselines / f"files-{size.slug}"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(files, kept)
    paths = sorted(path for path in kept.rglob("*") if path.is_file())
    entries = [f'("{path.relative_to(kept)}", include_bytes!("{path}") as &[u8]),' for path in paths]
    listing = baselines / f"files-{size.slug}.rs"
    listing.write_text("&[\n" + "\n".join(entries) + "\n]\n")
    compile_rust(PEERS / "finished.rs", baselines / f"finished-{size.slug}", {"FINISHED_FILES": str(listing)})


# Measuring


@dataclass
class Probe:
    """One run by itself."""

    seconds: float
    kilobytes: int
    bytes_written: int


@dataclass
class Row:
    """A program at a size; no times if it failed or took too long."""

    key: str
    title: str
    size: str
    rival: bool
    seconds: float = 0.0
    aphex_seconds: float = 0.0
    ratio: float = 0.0
    ratios: list[float] = field(default_factory=list)
    kilobytes: int = 0
    memory_ratio: float = 0.0
    weighed: bool = False
    bytes_written: int = 0
    note: str = ""

    @property
    def behind(self) -> list[str]:
        """In what aphex is not ahead of it. Memory is compared where there is much to do: before that, it is the
        program itself that is in memory."""
        figures = {"time": self.ratio} | ({"memory": self.memory_ratio} if self.weighed else {})
        return [name for name, ratio in figures.items() if not self.note and ratio <= 1]


def remove(target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)


def weigh(target: Path) -> int:
    files = target.rglob("*") if target.is_dir() else [target]
    return sum(file.stat().st_size for file in files if file.is_file())


def probe(program: Program, work: Work, size: Size, limit: float) -> Probe:
    """Runs it once under `time`, whose own few hundred kilobytes do not count into the peak.

    A child of Python's itself would begin with Python's peak.
    """
    target, report = program.target(work, size), work.run(size.slug) / "peak"
    remove(target)
    command = ["/usr/bin/time", "-f", "%M", "-o", str(report), *program.command(size, target)]
    errors = work.run(size.slug) / f"{program.key}.err"
    with open(os.devnull if program.folder else target, "wb") as output, open(errors, "wb") as complaints:
        began = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=output, stderr=complaints, env=os.environ | QUIET, start_new_session=True
        )
        try:
            status = child.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.wait()
            raise Trouble(f"over {limit:g} s") from None
        seconds = time.perf_counter() - began
    if status:
        lines = errors.read_text(errors="replace").strip().splitlines() or [f"exit status {status}"]
        raise Trouble(f"failed: {lines[0][:100]}")
    return Probe(seconds, int(report.read_text().split()[-1]), weigh(target))


def hyperfine(program: Program, work: Work, size: Size, runs: int, warmup: int) -> list[float]:
    """The seconds of each run; every run finds its output removed."""
    target, export = program.target(work, size), work.run(size.slug) / "hyperfine.json"
    command = ["hyperfine", "--shell", "none", "--style", "none"]
    command += ["--runs", str(runs), "--warmup", str(warmup), "--export-json", str(export)]
    command += ["--prepare", shlex.join(["rm", "-rf", str(target)])]
    command += ["--output", "null" if program.folder else str(target)]
    command += [shlex.join(program.command(size, target))]
    done = subprocess.run(command, env=os.environ | QUIET, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"hyperfine: {done.stderr.strip()}")
    times: list[float] = json.loads(export.read_text())["results"][0]["times"]
    return times


@dataclass
class Bench:
    """All that a measurement needs, and aphex's own times as they come in."""

    work: Work
    aphex: Program
    rounds: int
    runs: int
    limit: float
    times: list[float] = field(default_factory=list)

    def count(self, seconds: float) -> int:
        """As many runs as fit in half a second, but at least one."""
        return max(1, min(self.runs, int(0.5 / max(seconds, 1e-3))))

    def measure(self, program: Program, size: Size, own: Probe) -> Row:
        """Rounds of aphex, the program, aphex: a clock that drifts changes both alike."""
        row = Row(program.key, program.title, size.slug, program.rival)
        try:
            seen = min((probe(program, self.work, size, self.limit) for _ in range(2)), key=lambda it: it.seconds)
        except Trouble as trouble:
            row.note = str(trouble)
            return row
        row.kilobytes, row.bytes_written = seen.kilobytes, seen.bytes_written
        row.memory_ratio = seen.kilobytes / own.kilobytes
        half = max(1, self.count(own.seconds) // 2)
        mine: list[float] = []
        theirs: list[float] = []
        for _ in range(self.rounds if seen.seconds < 1 else min(self.rounds, SLOW_ROUNDS)):
            before = hyperfine(self.aphex, self.work, size, half, 1)
            during = hyperfine(program, self.work, size, self.count(seen.seconds), int(seen.seconds < 1))
            after = hyperfine(self.aphex, self.work, size, half, 1)
            row.ratios.append(median(during) / median(before + after))
            mine += before + after
            theirs += during
        self.times += mine
        row.seconds, row.aphex_seconds, row.ratio = median(theirs), median(mine), median(row.ratios)
        return row

    def measure_size(self, size: Size, programs: list[Program]) -> list[Row]:
        """aphex's row first."""
        own = probe(self.aphex, self.work, size, self.limit)
        check_aphex(self.aphex.target(self.work, size), size)
        if any(program.key == "finished" for program in programs):
            compile_finished(self.work, size, self.aphex.target(self.work, size))
        self.times = []
        rows = []
        for program in programs:
            row = self.measure(program, size, own)
            say(f"{size}  {row.title}: {row.note or times(row.ratio)}")
            rows.append(row)
        if not self.times:
            self.times = hyperfine(self.aphex, self.work, size, self.count(own.seconds) * self.rounds, 1)
        mine = Row("aphex", "aphex", size.slug, False, median(self.times), median(self.times), 1.0, [])
        mine.kilobytes, mine.memory_ratio, mine.bytes_written = own.kilobytes, 1.0, own.bytes_written
        return [mine, *rows]


def check_aphex(out: Path, size: Size) -> None:
    template = (out / "peers" / "kubernetes" / "workflow-template.yaml").read_text()
    found = template.count("- name: deploy-env-")
    if found != size.environments:
        raise Trouble(f"aphex wrote {found} deployments, not {size.environments}")


SAME = """
import hashlib, json, sys, yaml
loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
for path in sys.argv[1:]:
    document = yaml.load(open(path), loader)
    document['spec']['templates'].sort(key=lambda template: template['name'])
    print(hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest())
"""


def compare(work: Work, size: Size, programs: Iterable[Program]) -> tuple[bool, str]:
    """Whether the peers wrote the same templates, in whatever order; read with the PyYAML that came with Hera."""
    paths = [(program.title, program.manifest(program.target(work, size))) for program in programs if not program.extra]
    written = [(title, str(path)) for title, path in paths if path]
    if not work.python.exists() or len(written) < 2:
        return True, "The peers' documents were not compared."
    command = [str(work.python), "-c", SAME, *(path for _, path in written)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return False, f"The peers' documents could not be compared: {done.stderr.strip().splitlines()[-1]}"
    digests = done.stdout.split()
    common = max(digests, key=digests.count)
    odd = [title for (title, _), digest in zip(written, digests, strict=True) if digest != common]
    if odd:
        return False, f"Not the same document as the others': {', '.join(odd)}."
    return True, "The peers wrote the same document."


# Telling


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    milliseconds = seconds * 1000
    return f"{milliseconds:.{0 if milliseconds >= 100 else 1 if milliseconds >= 10 else 2}f} ms"


def times(ratio: float) -> str:
    digits = 0 if ratio >= 10 else 2 if ratio >= 0.1 else 3
    return f"{ratio:,.{digits}f}×"


def weight(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


def cells(row: Row | None, weighed: bool) -> list[str]:
    if row is None:
        return ["", ""][: 1 + weighed]
    if row.note:
        return [row.note if row.note.startswith("over") else "failed", ""][: 1 + weighed]
    memory = weight(row.kilobytes * 1024)
    if row.key == "aphex":
        return [duration(row.seconds), memory][: 1 + weighed]
    compared = [f"{duration(row.seconds)} **{times(row.ratio)}**", f"{memory} **{times(row.memory_ratio)}**"]
    return compared[: 1 + weighed]


def largest_of(sizes: list[Size]) -> Size:
    return max(sizes, key=lambda it: it.environments)


def table(rows: list[Row], sizes: list[Size]) -> str:
    """One line a program, a column a size, and one for the memory of the largest."""
    largest = largest_of(sizes)
    head = ["", *(str(size) for size in sizes if size != largest), str(largest), f"memory at {largest}"]
    sizes = [*(size for size in sizes if size != largest), largest]
    found = {(row.key, row.size): row for row in rows}
    titles = {row.key: row.title for row in rows}
    body = [
        [title, *(cell for size in sizes for cell in cells(found.get((key, size.slug)), size == largest))]
        for key, title in titles.items()
    ]
    widths = [max(len(line[column]) for line in [head, *body]) for column in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def draw(line: list[str]) -> str:
        first, *rest = zip(line, widths, strict=True)
        return "| " + " | ".join([first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)]) + " |"

    return "\n".join(draw(line) for line in [head, rule, *body])


def verdict(rows: list[Row], same: bool) -> tuple[int, list[str]]:
    """The exit status, and why."""
    measured = [row for row in rows if row.rival and row.ratios]
    behind = [f"- {row.title} at {Size.parse(row.size)}: {', '.join(row.behind)}" for row in measured if row.behind]
    if not measured:
        return 2, ["No peer was measured."]
    if not same:
        return 2, ["The peers did not all do the same work."]
    if behind:
        return 1, ["aphex is not ahead of:", *behind]
    return 0, ["aphex is ahead of every peer that was measured, in time and in memory."]


def notes(rows: list[Row], sizes: list[Size]) -> list[str]:
    """What stands under the table."""
    lines = []
    smallest, largest = min(sizes, key=lambda it: it.environments), largest_of(sizes)
    for row in rows:
        if row.key == "nothing" and row.size == smallest.slug and row.ratio:
            against = f"goal: at most {GOAL}, hoped: {HOPE}"
            lines.append(
                f"At {smallest} aphex takes {1 / row.ratio:.2f} times a process that does nothing ({against})."
            )
    written = [
        f"{row.title} {weight(row.bytes_written)}" for row in rows if row.size == largest.slug and row.bytes_written
    ]
    lines.append(f"Written at {largest}: {', '.join(written)}.")
    spreads = [(max(row.ratios) / min(row.ratios), row) for row in rows if row.rival and row.ratios]
    if spreads:
        spread, row = max(spreads, key=lambda it: it[0])
        low, high = times(min(row.ratios)), times(max(row.ratios))
        lines.append(
            f"The ratio that varied most between rounds: {row.title} at {Size.parse(row.size)}, {low} to {high}."
        )
    failed = [f"{row.title} at {Size.parse(row.size)}: {row.note}" for row in rows if row.note]
    return lines + failed


def first_line(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | QUIET)
    return (done.stdout.strip().splitlines() or ["?"])[0]


def number(text: str) -> str:
    """The first word that begins like a version."""
    return next((word.strip(",") for word in text.split() if word.lstrip("v")[:1].isdigit()), "?")


def version(program: Program) -> str:
    if isinstance(program.version, str):
        return program.version
    return number(first_line(program.version))


def versions(programs: list[Program]) -> dict[str, str]:
    tools = {"hyperfine": ["hyperfine", "--version"], "node": ["node", "--version"], "rustc": ["rustc", "--version"]}
    found = {program.title: version(program) for program in programs if program.version}
    found |= {name: number(first_line(command)) for name, command in tools.items() if shutil.which(command[0])}
    return found | {"python": platform.python_version()}


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


# The command


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aphex", type=Path, metavar="PATH", help="do not build aphex, take this one")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "target" / "peers", metavar="DIR", help="where the peers are"
    )
    parser.add_argument("--install", action="store_true", help="install what can be installed, and end")
    parser.add_argument(
        "--sizes", type=Size.several, default="3x3,50x10,1000x20", metavar="LIST", help="environments x stacks"
    )
    parser.add_argument("--only", default="", metavar="LIST", help="rows, such as nothing,jrsonnet")
    parser.add_argument("--rounds", type=int, default=9, metavar="N", help="rounds of aphex, peer, aphex (9)")
    parser.add_argument(
        "--runs", type=int, default=10, metavar="N", help="at most so many runs of each in a round (10)"
    )
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="give up on a run after (120)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to a file")
    return parser.parse_args()


def choose(programs: list[Program], only: set[str]) -> list[Program]:
    """Those that are asked for and installed."""
    unknown = only - {program.key for program in programs} - {"aphex"}
    if unknown:
        raise Trouble(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(it.key for it in programs)}")
    chosen = []
    for program in programs:
        if program.key not in only if only else program.extra:
            continue
        if reason := program.missing():
            say(f"left out: {program.title}: {reason}")
        else:
            chosen.append(program)
    return chosen


def check_tools() -> None:
    for tool, package in (("hyperfine", "hyperfine"), ("/usr/bin/time", "time")):
        if not shutil.which(tool):
            raise Trouble(f"{tool} is not there: apt-get install {package}")


def prepare(options: argparse.Namespace, work: Work, only: set[str]) -> tuple[Program, list[Program]]:
    """aphex and the rows that it is compared with."""
    check_tools()
    rustc = shutil.which("rustc")
    aphex = aphex_program(options.aphex.resolve() if options.aphex else build_aphex())
    if rustc:
        compile_rust(PEERS / "nothing.rs", work.run("baselines") / "nothing")
    copy_node(work)
    return aphex, choose([*baselines(work, rustc), *rivals(work)], only)


def main() -> int:
    options = arguments()
    work = Work(options.work.resolve())
    only = set(filter(None, options.only.split(",")))
    if options.install:
        install(work, only)
        return 0
    busy = os.getloadavg()[0]
    sizes: list[Size] = options.sizes
    aphex, programs = prepare(options, work, only)
    bench = Bench(work, aphex, options.rounds, options.runs, options.limit)
    rows = [row for size in sizes for row in bench.measure_size(size, programs)]

    wrote = {row.key for row in rows if row.rival and row.size == sizes[0].slug and not row.note}
    same, comparison = compare(work, sizes[0], [program for program in programs if program.key in wrote])
    for row in rows:
        row.weighed = row.size == largest_of(sizes).slug
    status, sentences = verdict(rows, same)
    used = versions([aphex, *programs])
    remarks = [comparison, *notes(rows, sizes), f"{machine()}; load at the start {busy:.1f}."]
    remarks.append(", ".join(f"{name} {release}" for name, release in used.items()) + ".")
    print(table(rows, sizes), "", *(f"- {remark}" for remark in remarks), "", *sentences, sep="\n")
    if options.json:
        report = {"machine": machine(), "versions": used, "status": status, "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        say(f"peers.py: {trouble}")
        sys.exit(2)
