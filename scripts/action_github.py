"""What GitHub tells the action, by the variables of a runner and by `gh`, and what the action tells GitHub."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

PULL_REQUEST = re.compile(r"refs/pull/(\d+)/")
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
        elif os.path.exists(wanted):
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
        if not name:
            self.missing = "artifact: needs a name, as in artifact:release"
            return
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
