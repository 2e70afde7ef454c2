#!/usr/bin/env python3
"""The work of the GitHub Action (action.yml): run, compare, comment.

Reads the inputs from INPUT_* and what the runner tells from GITHUB_* and RUNNER_TEMP. Uses the `caravan` on PATH, else
the one of this checkout, and `gh`. Sets the outputs verdict, report, batch, artifact and exit; exits 0 itself, so that
the batch is kept as an artifact before the job fails.
"""

import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from action_github import Base, comment, commit, lines, output, repository, say, variable

FAIL_ON = ("regression", "inconclusive", "never")
MAX_COMMENT = 60_000  # GitHub takes 65,536 characters
INTERRUPTED = 130


class Cancellation:
    """Whether the job is cancelled: GitHub sends SIGINT, SIGTERM 7.5 s later, and kills what is left after 2.5 more.

    The first of them stops a run so that it keeps what it has measured, the second ends it at once.
    """

    def __init__(self) -> None:
        self.received, self._child = False, None
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, lambda number, frame: self._pass_on(number))

    def _pass_on(self, number: int) -> None:
        self.received = True
        if self._child:
            self._child.send_signal(number)

    def run(self, command: list[str]) -> int:
        if self.received:
            return INTERRUPTED
        self._child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        if self.received:  # meanwhile
            self._pass_on(signal.SIGINT)
        code = self._child.wait()
        self._child = None
        return code


class Caravan:
    """Caravan in a home of its own below RUNNER_TEMP."""

    def __init__(self, cancellation: Cancellation) -> None:
        self.cancellation = cancellation
        checkout = Path(__file__).resolve().parent.parent / "caravan"
        self.command = shutil.which("caravan") or str(checkout)
        self.home = Path(tempfile.mkdtemp(prefix="caravan-", dir=variable("RUNNER_TEMP") or None))

    def run(self, *args: str) -> int:
        return self.cancellation.run([self.command, *args])

    def newest(self) -> dict:
        listed = subprocess.run(
            [self.command, "list", "--json", "--home", str(self.home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        batches = json.loads(listed.stdout) if listed.returncode == 0 else []
        return batches[0] if batches else {}


def run_batch(caravan: Caravan) -> int:
    if caravan.run("setup") != 0:
        return 2
    args = ["run", "--config-file", variable("INPUT_CONFIG"), "--home", str(caravan.home)]
    name = variable("INPUT_NAME")
    args += ["--name", name] if name else []
    labels = lines("INPUT_LABELS")
    if not any(label.startswith("commit=") for label in labels) and commit():
        labels.append("commit=" + commit()[:12])
    for option, values in (("--set", lines("INPUT_SET")), ("--label", labels)):
        for value in values:
            args += [option, value]
    return caravan.run(*args)


def compare(caravan: Caravan, base: Base, batch: str) -> dict:
    """The comparison, also for people in comment.md; the one that the config asked for without a base."""
    figures, text = caravan.home / "comparison.json", caravan.home / "comment.md"
    if base.path:
        caravan.run("compare", base.path, batch, "--format", "json", "--output", str(figures))
        caravan.run("compare", base.path, batch, "--format", "md", "--output", str(text))
    else:
        figures = Path(batch) / "comparison.json"
        caravan.run("report", batch, "--format", "md", "--output", str(text))
    if figures.exists():
        found = json.loads(figures.read_text())
        return {"verdict": found["verdict"], "sentence": found["sentence"]}
    if base.path:
        return {"verdict": "REFUSED", "sentence": f"{base.path} cannot be compared with; see the log"}
    return {"verdict": "NONE", "sentence": base.missing and f"Compared with nothing: {base.missing}."}


def has_failed(run: int, batch: dict) -> bool:
    """Whether a run failed or a search has no answer; the exit code may be that of the config's own comparison."""
    if run not in (1, 2, 4):
        return run != 0
    try:
        summary = json.loads((Path(batch["folder"]) / "summary.json").read_text())
        unanswered = (summary.get("search") or {}).get("unanswered")
        return not summary["finished_at"] or summary["failed"] != 0 or bool(unanswered)
    except (OSError, ValueError, KeyError):
        return True


def exit_code(run: int, failed: bool, verdict: str, fail_on: str) -> int:
    if failed:
        return run
    for code in ({"FAIL": 1, "REFUSED": 2, "INCONCLUSIVE": 4}.get(verdict, 0), run):
        if code != 0 and fail_on != "never" and (code != 4 or fail_on == "inconclusive"):
            return code
    return 0


def shortened(text: str) -> str:
    """At the end of a line: a row of a table that lacks its end is none."""
    if len(text) <= MAX_COMMENT:
        return text
    end = text.rfind("\n", 0, MAX_COMMENT) + 1 or MAX_COMMENT
    return text[:end] + "\n… The rest is left out here; the report has all."


def artifact_name(batch_name: str) -> str:
    """Of plain characters; names in other scripts, of which none is left, are told apart by a digest."""
    plain = "caravan-" + re.sub(r"[^A-Za-z0-9._-]", "_", batch_name)
    return plain if batch_name.isascii() else plain + "-" + hashlib.sha256(batch_name.encode()).hexdigest()[:8]


def body(marker: str, batch: dict, sentence: str, caravan: Caravan) -> str:
    text = caravan.home / "comment.md"
    table = text.read_text(encoding="utf-8") if text.exists() else ""
    url = f"{variable('GITHUB_SERVER_URL')}/{repository()}/actions/runs/{variable('GITHUB_RUN_ID')}"
    parts = [marker, shortened(f"{sentence}\n\n{table}".strip()), f"[Run and batch]({url}) of {batch['id']}"]
    return "\n\n".join(part for part in parts if part)


def choice(name: str, among: tuple[str, ...]) -> str:
    """An input that is one of these words, by default the first."""
    given = variable("INPUT_" + name.upper().replace("-", "_")) or among[0]
    if given not in among:
        sys.exit(f"{name}: {given} is none of {', '.join(among)}")
    return given


def main() -> None:
    fail_on, comments = choice("fail-on", FAIL_ON), choice("comment", ("true", "false"))
    cancellation = Cancellation()
    caravan = Caravan(cancellation)
    run = run_batch(caravan)
    batch = caravan.newest()
    if not batch:
        output("verdict", "NONE")
        output("exit", run or 1)
        return
    artifact = artifact_name(batch["id"].rsplit("/", 1)[0])
    # At once: whatever fails below, the batch is kept.
    output("report", str(Path(batch["folder"]) / "report.html"))
    output("batch", batch["folder"])
    if cancellation.received:
        output("artifact", artifact + "-cancelled")  # no base for others
        output("verdict", "NONE")
        output("exit", run or INTERRUPTED)
        return
    output("artifact", artifact)
    base = Base(variable("INPUT_BASE"), artifact, caravan.home / "base")
    compared = compare(caravan, base, batch["folder"])
    say(compared["sentence"])
    marker = f"<!-- caravan {artifact} -->"
    text = body(marker, batch, "" if base.path else compared["sentence"], caravan)
    if variable("GITHUB_STEP_SUMMARY"):
        with open(variable("GITHUB_STEP_SUMMARY"), "a", encoding="utf-8") as summary:
            summary.write(text + "\n")
    if comments == "true":
        comment(text, marker)
    output("verdict", compared["verdict"])
    output("exit", exit_code(run, has_failed(run, batch), compared["verdict"], fail_on))


if __name__ == "__main__":
    main()
