#!/usr/bin/env python3
"""The work of the GitHub Action (action.yml): run, compare, comment.

Reads the inputs from INPUT_* and what the runner tells from GITHUB_* and RUNNER_TEMP. Uses the `caravan` on PATH, else
the one of this checkout, and `gh`. Sets the outputs verdict, report, batch, artifact and exit; exits 0 itself, so that
the batch is kept as an artifact before the job fails.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

FAIL_ON = ("regression", "inconclusive", "never")
PULL_REQUEST = re.compile(r"refs/pull/(\d+)/")
MAX_COMMENT = 60_000  # GitHub takes 65,536 characters
RUNS_LISTED = 100
RUNS_TRIED = 20
# What these ran is not merged, and may be a stranger's, whatever its branch is called.
UNTRUSTED_EVENTS = ("pull_request", "pull_request_target")


def variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def say(line: str) -> None:
    print(line, flush=True)


def warn(line: str) -> None:
    say("::warning::" + line.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def lines(name: str) -> list[str]:
    return [line.strip() for line in variable(name).splitlines() if line.strip()]


class Caravan:
    """Caravan in a home of its own below RUNNER_TEMP."""

    def __init__(self) -> None:
        checkout = Path(__file__).resolve().parent.parent / "caravan"
        self.command = shutil.which("caravan") or str(checkout)
        self.home = Path(tempfile.mkdtemp(prefix="caravan-", dir=variable("RUNNER_TEMP") or None))

    def run(self, *args: str) -> int:
        return subprocess.run([self.command, *args], stdin=subprocess.DEVNULL).returncode

    def newest(self) -> dict:
        listed = subprocess.run(
            [self.command, "list", "--json", "--home", str(self.home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        batches = json.loads(listed.stdout) if listed.returncode == 0 else []
        return batches[0] if batches else {}


def gh(*args: str, given: str = "") -> subprocess.CompletedProcess:
    """A gh that is not there counts as one that fails: the benchmark has run, and its batch is kept."""
    command = ["gh", *args]
    try:
        return subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    except OSError as e:
        return subprocess.CompletedProcess(command, 127, "", f"cannot run gh: {e.strerror}")


def repository() -> str:
    return variable("GITHUB_REPOSITORY")


class Base:
    """What the batch is compared with: a path, or why there is none; neither when nothing is wanted."""

    def __init__(self, wanted: str, artifact: str, folder: Path) -> None:
        self.path, self.missing = "", ""
        if not wanted:
            return
        if wanted == "last-pass":
            self._last_pass(artifact, folder)
        elif wanted.startswith("artifact:"):
            self._artifact(wanted.removeprefix("artifact:"), folder)
        elif Path(wanted).exists():
            self.path = str(Path(wanted).resolve())
        else:
            self.missing = f"there is no folder or archive {wanted}"

    def _last_pass(self, artifact: str, folder: Path) -> None:
        """The artifact of the newest run of this workflow that succeeded on the branch to merge into."""
        branch = variable("GITHUB_BASE_REF") or variable("GITHUB_REF_NAME")
        workflow = variable("GITHUB_WORKFLOW_REF").split("@")[0].rsplit("/", 1)[-1]
        listed = gh(
            "run", "list", "--repo", repository(), "--workflow", workflow, "--branch", branch,
            "--status", "success", "--limit", str(RUNS_LISTED), "--json", "databaseId,event",
        )  # fmt: skip
        if listed.returncode != 0:
            self._cannot_list(f"the runs of {workflow}", listed.stderr)
            return
        trusted = [run for run in json.loads(listed.stdout) if run["event"] not in UNTRUSTED_EVENTS]
        for run in trusted[:RUNS_TRIED]:
            if self._download(artifact, folder, str(run["databaseId"])):
                return
        self.missing = f"no run of {workflow} on {branch} that succeeded has kept a batch yet"

    def _artifact(self, name: str, folder: Path) -> None:
        """The newest artifact of this name, of any workflow and branch."""
        named = f"repos/{repository()}/actions/artifacts?per_page={RUNS_LISTED}&name={quote(name, safe='')}"
        listed = gh("api", named, "--jq", ".artifacts[].workflow_run.id")
        if listed.returncode != 0:
            self._cannot_list("the artifacts", listed.stderr)
            return
        for run in listed.stdout.split()[:RUNS_LISTED]:
            event = gh("run", "view", run, "--repo", repository(), "--json", "event", "--jq", ".event")
            known = event.returncode == 0 and event.stdout.strip()
            if known and known not in UNTRUSTED_EVENTS and self._download(name, folder, run):
                return
        self.missing = f"there is no artifact:{name} of a run that was for no pull request"

    def _cannot_list(self, what: str, why: str) -> None:
        self.missing = f"cannot list {what}"
        warn(f"{self.missing}: {why.strip()}")

    def _download(self, artifact: str, folder: Path, run: str) -> bool:
        shutil.rmtree(folder, ignore_errors=True)
        got = gh("run", "download", run, "--repo", repository(), "--name", artifact, "--dir", str(folder))
        self.path = str(folder) if got.returncode == 0 else ""
        return got.returncode == 0


def pull_request() -> dict:
    """What the event tells of the pull request that this is for; nothing when it is for none."""
    try:
        event = json.loads(Path(variable("GITHUB_EVENT_PATH")).read_text(encoding="utf-8"))
        return event.get("pull_request") or {}
    except (OSError, ValueError, AttributeError):
        return {}


def commit() -> str:
    """The commit that was pushed; GITHUB_SHA of a pull request is one that GitHub makes to try the merge."""
    return (pull_request().get("head") or {}).get("sha") or variable("GITHUB_SHA")


def pull_request_number() -> str:
    """Of the event: for pull_request_target, GITHUB_REF is the branch to merge into."""
    of_ref = PULL_REQUEST.match(variable("GITHUB_REF"))
    return str(pull_request().get("number") or (of_ref.group(1) if of_ref else ""))


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


def comment(body: str, marker: str) -> None:
    """Edits the last comment with this marker, or adds one. That it cannot is no fault of the benchmark."""
    number = pull_request_number()
    if not number:
        return
    comments = f"repos/{repository()}/issues/{number}/comments"
    # Anybody can write a comment that begins so.
    mine = f'.[] | select(.user.type == "Bot" and (.body | startswith("{marker}"))) | .id'
    listed = gh("api", "--paginate", comments, "--jq", mine)
    ids = listed.stdout.split() if listed.returncode == 0 else []
    path = f"repos/{repository()}/issues/comments/{ids[-1]}" if ids else comments
    method = "PATCH" if ids else "POST"
    sent = gh("api", "--method", method, path, "--input", "-", given=json.dumps({"body": body}))
    if sent.returncode != 0:
        warn(f"cannot comment on the pull request: {sent.stderr.strip()}")


def output(name: str, value: str) -> None:
    with open(os.environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        outputs.write(f"{name}={str(value).splitlines()[0]}\n")


def shortened(text: str) -> str:
    """At the end of a line: a row of a table that lacks its end is none."""
    if len(text) <= MAX_COMMENT:
        return text
    return text[: text.rfind("\n", 0, MAX_COMMENT) + 1] + "\n… The rest is left out here; the report has all."


def artifact_name(batch_name: str) -> str:
    """Of plain characters; names in other scripts, of which none is left, are told apart by a digest."""
    plain = "caravan-" + re.sub(r"[^A-Za-z0-9._-]", "_", batch_name)
    return plain if batch_name.isascii() else plain + "-" + hashlib.sha256(batch_name.encode()).hexdigest()[:8]


def body(marker: str, batch: dict, sentence: str, caravan: Caravan) -> str:
    text = caravan.home / "comment.md"
    table = text.read_text(encoding="utf-8") if text.exists() else ""
    url = f"{variable('GITHUB_SERVER_URL')}/{repository()}/actions/runs/{variable('GITHUB_RUN_ID')}"
    parts = [marker, sentence, shortened(table), f"[Run and batch]({url}) of {batch['id']}"]
    return "\n\n".join(part for part in parts if part)


def main() -> None:
    fail_on = variable("INPUT_FAIL_ON") or FAIL_ON[0]
    if fail_on not in FAIL_ON:
        sys.exit(f"fail-on: {fail_on} is none of {', '.join(FAIL_ON)}")
    caravan = Caravan()
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
    output("artifact", artifact)
    base = Base(variable("INPUT_BASE"), artifact, caravan.home / "base")
    compared = compare(caravan, base, batch["folder"])
    say(compared["sentence"])
    marker = f"<!-- caravan {artifact} -->"
    text = body(marker, batch, "" if base.path else compared["sentence"], caravan)
    if variable("GITHUB_STEP_SUMMARY"):
        with open(variable("GITHUB_STEP_SUMMARY"), "a", encoding="utf-8") as summary:
            summary.write(text + "\n")
    if variable("INPUT_COMMENT") != "false":
        comment(text, marker)
    output("verdict", compared["verdict"])
    output("exit", exit_code(run, has_failed(run, batch), compared["verdict"], fail_on))


if __name__ == "__main__":
    main()
