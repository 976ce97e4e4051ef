"""Studies against a model server that misbehaves on purpose (fake.py): nothing answered is lost, nothing answered is asked again, the
rows are those of an undisturbed run, a key goes nowhere but to the server.

    run.py [N]    each file of this folder, at the same time; N: kill -9 at so many points (20), and no more than that
"""
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
if len(sys.argv) > 1:
    sys.exit(subprocess.run([sys.executable, HERE / "stops.py", sys.argv[1]]).returncode)
parts = [(name, subprocess.Popen([sys.executable, HERE / f"{name}.py"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
         for name in ("faults", "stops", "apis", "money", "tls")]
failed = False
for name, process in parts:
    said, _ = process.communicate()
    failed = failed or process.returncode != 0
    print(f"{name}: {'as expected' if process.returncode == 0 else 'FAILED'}\n{said}", end="", flush=True)
sys.exit(1 if failed else 0)
