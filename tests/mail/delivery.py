"""Sends all reports of the demonstration evaluation through a real mail server, and reads them with another mail
library. With --kills, kills senders instead, and counts what arrived."""

import csv
import email
import email.policy
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PROGRAM, FOLDER = sys.argv[1], Path(sys.argv[2])
PASSWORD = {"AREA_REPORTS_SMTP_NAME": "reports", "AREA_REPORTS_SMTP_PASSWORD": "open sesame"}


# Who approves, with a passphrase in a vault of the test's own.
os.environ["AREA_REPORTS_PASSPHRASE"] = "correct horse battery staple"


def run(*arguments, code=0, environment=PASSWORD):
    result = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False,
                           env={**os.environ, **environment})
    output = result.stdout + result.stderr
    assert result.returncode == code, f"{arguments}: {result.returncode}\n{output}"
    assert "open sesame" not in output, output
    return output


def edit(file, old, new):
    text = file.read_text()
    assert text.count(old) == 1, f"{old!r} in {file}"
    file.write_text(text.replace(old, new))


def mailboxes():
    """Every message that the server delivered, by recipient address."""
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
    """Copies a fixture, marks its answers as real, adds a mail server, and builds and approves a run. Returns the folder of
    the evaluation and that of its runs."""
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
    """Sends the reports of 143 areas, and those on regions, sectors and the nation, over STARTTLS, after attempts that must
    fail."""
    folder, out = evaluation("integrated-working-2008")
    send = ["send", out, "--evaluation", folder]
    started = time.monotonic()
    run(*send, "--rehearse")
    rehearsed = time.monotonic() - started

    # Nothing is sent until the certificate and the password are accepted, and failed attempts lose nothing.
    output = run(*send, environment={name: "" for name in PASSWORD}, code=3)
    assert "530" in output, output
    output = run(*send, environment={**PASSWORD, "AREA_REPORTS_SMTP_PASSWORD": "sesame"}, code=3)
    assert "535" in output, output
    edit(folder / "evaluation.toml", 'certificates = "../authority.pem"\n', "")
    output = run(*send, code=3)
    assert "certificate" in output, output
    edit(folder / "evaluation.toml", "port = 2587\n", 'port = 2587\ncertificates = "../authority.pem"\n')
    assert not mailboxes()

    started = time.monotonic()
    output = run(*send)
    sent = time.monotonic() - started
    rows = recipients(folder)
    assert f"{len(rows)} messages accepted by the server" in output, output
    wait_for(len(rows))
    read_back(rows, out)
    assert f"{len(rows)} already sent, and not sent again" in run(*send)
    areas = len({row["area"] for row in rows})
    print(f"{len(rows)} messages on {areas} subjects rehearsed in {rehearsed:.1f} s, taken by exim in {sent:.1f} s")
    return len(rows)


def corrections(before):
    """Sends corrections to a catch-all address, with TLS from the start and the password in a private file."""
    folder, out = evaluation("healthy-schools-2024")
    send = ["send", out, "--evaluation", folder]
    run(*send, "--rehearse")
    run(*send)
    rows = recipients(folder)
    secret = FOLDER / "secret"
    secret.write_text("reports\nopen sesame\n")
    secret.chmod(0o644)
    edit(folder / "evaluation.toml", "port = 2587\n", 'port = 2465\nsecurity = "tls"\ncredentials = "../secret"\n'
         'catch-all = "everybody@example.org"\n')
    edit(folder / "submissions/W01.csv", "primary,meals,,every-day", "primary,meals,,never")
    run("build", folder, "--out", out)
    run("approve", out, "--as", "Ann Lee")
    rehearse = [*send, "--rehearse", "--catch-all"]
    nobody = {name: "" for name in PASSWORD}
    assert "others may read" in run(*rehearse, environment=nobody, code=2)
    secret.chmod(0o600)
    output = run(*rehearse, environment=nobody)
    caught = int(re.search(r"(\d+) of \d+ accepted for everybody@example.org", output)[1])
    wait_for(before + len(rows) + caught)
    messages = mailboxes()["everybody@example.org"]
    assert len(messages) == caught == len(rows), (len(messages), caught)
    assert all("corrected report for" in " ".join(message["subject"].split()) for message in messages)


# The ending of a file in each format, and its media type.
FORMATS = {
    "standard": ("pdf", "application/pdf"),
    "large-print": ("large-print.pdf", "application/pdf"),
    "html": ("html", "text/html"),
    "text": ("txt", "text/plain"),
}


def read_back(rows, out):
    """Checks that each address received the reports that are due to it, byte for byte, and nothing else."""
    manifest = json.loads((out / "latest/manifest.json").read_text())
    reports = {entry["report"]["sha256"]: entry for entry in manifest["reports"]}
    wanted = {}
    for row in rows:
        wanted.setdefault(row["email"].lower(), []).append(row)
    found = mailboxes()
    assert set(found) == set(wanted), set(found) ^ set(wanted)
    ids = set()
    for address, messages in found.items():
        areas = sorted(row["area"] for row in wanted[address])
        assert len(messages) == len(areas), f"{address}: {len(messages)} messages for {areas}"
        got, formats = [], []
        for message in messages:
            (to,) = message["to"].addresses
            assert to.addr_spec.lower() == address
            assert to.display_name in [row["name"] for row in wanted[address]]
            assert message["auto-submitted"] == "auto-generated" and message["date"].datetime
            assert message["reply-to"].addresses[0].addr_spec == "integrated-working@cwdc.example.org"
            ids.add(message["message-id"])
            (report,) = message.iter_attachments()
            ending, media = re.fullmatch(r"integrated-working-2008-[\w-]+\.(large-print\.pdf|\w+)", report.get_filename())[1], report.get_content_type()
            entry = reports[hashlib.sha256(report.get_payload(decode=True)).hexdigest()]
            assert (ending, media) == FORMATS[entry["format"]], (ending, media, entry["format"])
            formats.append(entry["format"])
            subject = " ".join(message["subject"].split())
            name, kind = entry["name"], entry["kind"]
            assert name.lower() in subject.lower() or kind == "national", subject
            text = message.get_body(("plain",)).get_content()
            html = message.get_body(("html",)).get_content()
            assert name.lower() in text.lower() and "<p>" in html and f"Dear {to.display_name}," in text
            # As the list of recipients names it.
            got.append({"local": entry["subject"], "national": kind}.get(kind, f"{kind}/{entry['subject']}"))
        assert sorted(got) == areas, f"{address}: {got} instead of {areas}"
        asked = sorted(row["format"] for row in wanted[address])
        assert sorted(formats) == asked, f"{address}: {formats} instead of {asked}"
    assert len(ids) == len(rows)


def settled():
    """Waits until the server has delivered everything that it took. It leaves some for later if many come at once."""
    exim = ["exim4", "-C", FOLDER / "exim.conf"]
    until = time.monotonic() + 60
    while int(subprocess.run([*exim, "-bpc"], capture_output=True, text=True, check=True).stdout):
        assert time.monotonic() < until, "the server keeps messages"
        subprocess.run([*exim, "-qf"], capture_output=True, check=True)
        time.sleep(0.1)


def kills(number, seed):
    """Kills senders at any moment, and sends the rest, until that many were killed. Nobody may receive a report twice, or one
    of a different area, and whatever did not arrive must be known to be planned or unknown."""
    chance = random.Random(seed)
    folder, out = evaluation("healthy-schools-2024")
    run("send", out, "--evaluation", folder, "--rehearse")
    rows = recipients(folder)
    reports = {entry["subject"]: entry["report"]["sha256"] for entry in json.loads((out / "latest/manifest.json").read_text())["reports"]}
    vault = Path(os.environ["AREA_REPORTS_VAULT"])
    shutil.copytree(vault, FOLDER / "vault-before")
    killed = duplicates = wrong = unknown = 0
    while killed < number:
        shutil.rmtree(FOLDER / "mail/new", ignore_errors=True)
        shutil.rmtree(vault)
        shutil.copytree(FOLDER / "vault-before", vault)
        again = FOLDER / "again"
        shutil.rmtree(again, ignore_errors=True)
        shutil.copytree(out, again, symlinks=True)
        send = [PROGRAM, "send", again, "--evaluation", folder]
        left = len(rows)
        while left and killed < number:
            sender = subprocess.Popen(send, env={**os.environ, **PASSWORD}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                sender.wait(timeout=chance.uniform(0.02, 0.25))
            except subprocess.TimeoutExpired:
                sender.kill()
                sender.wait()
                killed += 1
            states = [row["state"] for row in json.loads(run("deliveries", folder, "--out", again, "--json"))["deliveries"]]
            left = len(rows) - sum(state in ("accepted", "unknown", "handing-over") for state in states)
        subprocess.run(send, env={**os.environ, **PASSWORD}, capture_output=True, check=False)
        settled()
        found = mailboxes()
        ids = [message["message-id"] for messages in found.values() for message in messages]
        duplicates += len(ids) - len(set(ids))
        areas = {(row["email"].lower(), row["area"]) for row in rows}
        for address, messages in found.items():
            for message in messages:
                (report,) = message.iter_attachments()
                code = re.search(r"2024-(\w+)-", report.get_filename())[1]
                fits = (address, code) in areas and hashlib.sha256(report.get_content()).hexdigest() == reports[code]
                wrong += not fits
        states = [row["state"] for row in json.loads(run("deliveries", folder, "--out", again, "--json"))["deliveries"]]
        accepted = states.count("accepted")
        assert len(states) == len(rows) and accepted + states.count("unknown") == len(rows), states
        assert accepted <= len(ids), f"{accepted} are said to be accepted, and {len(ids)} arrived"
        unknown += states.count("unknown")
    print(f"kills: {killed} with seed {seed}, {unknown} outcomes unknown; duplicates {duplicates}; wrong recipients {wrong}")
    assert not duplicates and not wrong


run("reviewer", "add", "Ann Lee")
if "--kills" in sys.argv:
    kills(int(sys.argv[sys.argv.index("--kills") + 1]), int(sys.argv[sys.argv.index("--kills") + 2]))
else:
    corrections(all_areas())
    print("delivery: nothing found")
