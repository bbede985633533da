"""The tour's end, seen from outside: the institution's file, the public register, the file that proves itself."""

import io
import subprocess
import sys
import zipfile

from django.core.cache import cache
from playwright.sync_api import expect

from tests.journeys.bureau import PLACE, TITLE


def the_institutions_file_tells_it_all(people, hospital):
    """Lead, inspection, case, money and credit on one timeline; the score has fallen."""
    officer = people.officer
    officer.opens("一院一档", hospital)
    timeline = officer.page.locator("#timeline-of-party")
    for word in ("线索", "检查任务", "执法案件", TITLE, "信用"):
        expect(timeline).to_contain_text(word)
    credit = officer.page.locator("#credit")
    expect(credit).to_be_visible()
    assert "100.00" not in credit.inner_text()
    officer.sees("96,000.00", "144,000.00", within="#money")


def the_public_reads_the_decision(people, hospital):
    reader = people.passer_by
    cache.clear()  # a minute has passed: for so long the public pages show what they showed before
    reader.visits("/public/")
    reader.sees("行政处罚决定公示", hospital, "已依法作出处罚", "144,000.00")


def the_whole_file_is_exported_and_proves_itself(people):
    head = people.head
    head.opens(*PLACE)
    folder = people.town.files / "whole-file"
    with zipfile.ZipFile(io.BytesIO(head.downloads("导出全卷"))) as archive:
        archive.extractall(folder)
    shown = subprocess.run([sys.executable, folder / "check.py"], capture_output=True, text=True, check=False)  # noqa: S603
    assert shown.returncode == 0, shown.stdout
    assert "未发现任何改动" in shown.stdout
