"""All reports of the demonstration evaluation through a real mail server, read back with another implementation."""

import csv
import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM, FOLDER = sys.argv[1], Path(sys.argv[2])
PASSWORD = {"AREA_REPORTS_SMTP_NAME": "reports", "AREA_REPORTS_SMTP_PASSWORD": "open sesame"}


def run(*arguments, code=0, environment=PASSWORD):
    ended = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False,
                           env={**os.environ, **environment})
    said = ended.stdout + ended.stderr
    assert ended.returncode == code, f"{arguments}: {ended.returncode}\n{said}"
    assert "open sesame" not in said, said
    return said


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} in {file}"
    file.write_text(text.replace(old, new))


def mailboxes():
    """Every message that the server delivered, by the address that it was delivered to."""
    found = {}
    for file in sorted((FOLDER / "mail/new").glob("*")):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found.setdefault(message["envelope-to"].lower(), []).append(message)
    return found


def wait_for(count):
    until = time.monotonic() + 120
    while (delivered := len(list((FOLDER / "mail/new").glob("*")))) < count:
        assert time.monotonic() < until, f"{delivered} of {count} delivered\n" + (FOLDER / "log/mainlog").read_text()[-2000:]
        time.sleep(0.5)


def evaluation(name):
    """A fixture that calls its answers real and has a mail server; its folder, and the one for its runs."""
    folder, out = FOLDER / name, FOLDER / f"{name}-runs"
    shutil.copytree(PROJECT / "fixtures" / name, folder)
    settings = folder / "evaluation.toml"
    edit(settings, "synthetic = true", "synthetic = false")
    with settings.open("a") as file:
        file.write('\n[mail]\nfrom = "Reports <reports@example.org>"\nserver = "localhost"\nport = 2587\n'
                   'certificates = "../authority.pem"\nper-minute = 60000\nretry-pause = 0\nattempts = 2\n')
    run("build", folder, "--out", out)
    run("approve", out, "--as", "Ann Lee")
    return folder, out


def recipients(folder):
    with (folder / "recipients.csv").open() as file:
        return list(csv.DictReader(file))


def all_areas():
    """143 areas over STARTTLS, and what does not go."""
    folder, out = evaluation("integrated-working-2008")
    send = ["send", out, "--evaluation", folder]
    started = time.monotonic()
    run(*send, "--rehearse")
    rehearsed = time.monotonic() - started

    # Nothing leaves before the server was recognised and has seen the right password, and nothing is lost by trying.
    said = run(*send, environment={name: "" for name in PASSWORD}, code=3)
    assert "530" in said, said
    said = run(*send, environment={**PASSWORD, "AREA_REPORTS_SMTP_PASSWORD": "sesame"}, code=3)
    assert "535" in said, said
    edit(folder / "evaluation.toml", 'certificates = "../authority.pem"\n', "")
    said = run(*send, code=3)
    assert "certificate" in said, said
    edit(folder / "evaluation.toml", "port = 2587\n", 'port = 2587\ncertificates = "../authority.pem"\n')
    assert not mailboxes()

    started = time.monotonic()
    said = run(*send)
    sent = time.monotonic() - started
    rows = recipients(folder)
    assert f"{len(rows)} messages taken by the server" in said, said
    wait_for(len(rows))
    read_back(rows, out)
    assert f"{len(rows)} sent before, and not again" in run(*send)
    areas = len({row["area"] for row in rows})
    print(f"{len(rows)} messages on {areas} areas rehearsed in {rehearsed:.1f} s, taken by exim in {sent:.1f} s")
    return len(rows)


def corrections(before):
    """Encrypted from the first byte, the password in a file of one's own, corrections to a catch-all address."""
    folder, out = evaluation("healthy-schools-2024")
    send = ["send", out, "--evaluation", folder]
    run(*send, "--rehearse")
    run(*send)
    rows = recipients(folder)
    secret = FOLDER / "secret"
    secret.write_text("reports\nopen sesame\n")
    secret.chmod(0o644)
    edit(folder / "evaluation.toml", "port = 2587\n", 'port = 2465\nsecurity = "tls"\ncredentials = "../secret"\n')
    edit(folder / "submissions/W01.csv", "primary,meals,,every-day", "primary,meals,,never")
    run("build", folder, "--out", out)
    run("approve", out, "--as", "Ann Lee")
    rehearse = [*send, "--rehearse", "--catch-all", "everybody@example.org"]
    nobody = {name: "" for name in PASSWORD}
    assert "others may read" in run(*rehearse, environment=nobody, code=2)
    secret.chmod(0o600)
    said = run(*rehearse, environment=nobody)
    caught = int(re.search(r"(\d+) of \d+ taken for everybody@example.org", said)[1])
    wait_for(before + len(rows) + caught)
    messages = mailboxes()["everybody@example.org"]
    assert len(messages) == caught == len(rows), (len(messages), caught)
    assert all("corrected report of" in " ".join(message["subject"].split()) for message in messages)


def read_back(rows, out):
    """Each address has the reports of its own areas and no other, byte for byte."""
    manifest = json.loads((out / "latest/manifest.json").read_text())
    reports = {entry["subject"]: entry for entry in manifest["reports"]}
    wanted = {}
    for row in rows:
        wanted.setdefault(row["email"].lower(), []).append(row)
    found = mailboxes()
    assert set(found) == set(wanted), set(found) ^ set(wanted)
    ids = set()
    for address, messages in found.items():
        areas = sorted(row["area"] for row in wanted[address])
        assert len(messages) == len(areas), f"{address}: {len(messages)} messages for {areas}"
        got = []
        for message in messages:
            (to,) = message["to"].addresses
            assert to.addr_spec.lower() == address
            assert to.display_name in [row["name"] for row in wanted[address]]
            assert message["auto-submitted"] == "auto-generated" and message["date"].datetime
            assert message["reply-to"].addresses[0].addr_spec == "integrated-working@cwdc.example.org"
            ids.add(message["message-id"])
            (report,) = message.iter_attachments()
            code = re.fullmatch(r"integrated-working-2008-(\w+)-[\w-]+\.pdf", report.get_filename())[1]
            content = report.get_content()
            assert report.get_content_type() == "application/pdf"
            assert hashlib.sha256(content).hexdigest() == reports[code]["report"]["sha256"], code
            name = reports[code]["name"]
            assert name in " ".join(message["subject"].split()), message["subject"]
            text = message.get_body(("plain",)).get_content()
            html = message.get_body(("html",)).get_content()
            assert name in text and "<p>" in html and f"Dear {to.display_name}," in text
            got.append(code)
        assert sorted(got) == areas, f"{address}: {got} instead of {areas}"
    assert len(ids) == len(rows)


corrections(all_areas())
print("delivery: nothing found")
