"""Certificates are checked, and the key goes to nobody whose certificate is not good."""
import os
import shutil
import ssl
import subprocess
from pathlib import Path

from fake import Fake
from lab import KEY, check, faults, fresh, leaks, main, rows, run, study

CA = """[ca]
default_ca = here
[here]
dir = .
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def certificate(name, address, begins, ends):
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName=IP:{address}")
    openssl("ca", "-batch", "-config", "ca.conf", "-in", f"{name}.csr", "-out", f"{name}.pem", "-startdate", begins, "-enddate", ends, "-notext")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{name}.pem", f"{name}.key")
    return context


def certificates():
    Path("ca.conf").write_text(CA)
    Path("index.txt").write_text("")
    Path("serial").write_text("01\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=a test's authority", "-days", "9999")
    good = certificate("good", "127.0.0.1", "20200101000000Z", "20991231000000Z")
    study(2, 10)
    os.environ["SSL_CERT_FILE"] = os.path.abspath("ca.pem")
    with Fake() as server:
        run(server)
        wanted = rows("s.db")
    fresh()
    with Fake(tls=good) as server:
        done = run(server)
        check(done.returncode == 0 and rows("s.db") == wanted and server.auth, f"a good certificate: {done.stderr}")
    for name, context, trusted in (("another's name", certificate("named", "127.0.0.2", "20200101000000Z", "20991231000000Z"), True),
                                   ("expired", certificate("expired", "127.0.0.1", "20200101000000Z", "20200201000000Z"), True),
                                   ("of an unknown authority", good, False)):
        fresh()
        if not trusted:
            del os.environ["SSL_CERT_FILE"]
        with Fake(tls=context) as server:
            done = run(server)
            check(done.returncode == 3 and "the run stopped: openai:fake is not trusted: " in done.stderr, f"{name}: {done.stderr}")
            check(not server.log and not server.auth, f"{name}: the key was sent")
            check(faults() and set(faults()) == {"untrusted"}, f"{name}: {faults()}")
        check(not leaks() and KEY not in done.stderr, f"{name}: the key is in {leaks()}")


if __name__ == "__main__":
    if shutil.which("openssl"):
        main(certificates)
    print("skipped: no openssl to make certificates with")
