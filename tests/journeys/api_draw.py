"""The API tour's double-random draw: contributions, announcement, result, and anybody's check of it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from django.test import Client

from inspections.draws.tasks import tick
from tests.journeys.callers import Caller

VERIFIER = Path(__file__).parents[2] / "inspections/static/inspections/draws/verify_draw.py"
CONTRIBUTIONS = ("纪检组见证人的贡献文本-7f2a91", "public-witness-51c0e8")


def the_calendar_opens_a_draw_and_witnesses_contribute(town, plan):
    tick()
    (draw,) = Caller.person(town.cast.officer).list("draws/")
    assert draw["plan"] == plan["id"]
    sealed, held = (Caller.person(witness) for witness in town.witnesses)
    sealed.take(draw, "commit", mode="sealed", contribution=CONTRIBUTIONS[0])
    held.take(draw, "commit", mode="held", sha256=hashlib.sha256(CONTRIBUTIONS[1].encode()).hexdigest())
    return draw


def the_rolls_are_frozen_and_announced(town, draw):
    tick()
    officer = Caller.person(town.cast.officer)
    assert officer.look(draw)["state"] == "announced"
    assert set(officer.get(f"draws/{draw['id']}/publication/")) == {"announcement", "commitment"}
    officer.is_refused(draw, "open_contributions", "moment_has_come", "everyone_revealed")  # nobody draws early


def the_witness_reveals(town, draw):
    Caller.person(town.witnesses[1]).take(draw, "reveal", contribution=CONTRIBUTIONS[1])


def lots_are_drawn_and_anyone_can_check_them(town, draw):
    """The published JSON is read without signing in and computed again by the downloadable verifier."""
    tick()
    officer = Caller.person(town.cast.officer)
    drawn = officer.look(draw)
    assert drawn["state"] == "published"
    public = Client().get(f"/public/draws/{drawn['facts']['commitment']}/draw.json")
    published = town.files / "draw.json"
    published.write_bytes(public.content)
    shown = subprocess.run([sys.executable, VERIFIER, published], capture_output=True, text=True, check=False)  # noqa: S603
    assert shown.returncode == 0, shown.stdout + shown.stderr
    targets = officer.get(f"draws/{draw['id']}/targets/")
    on_the_roll = {code for _stratum, code, *_area in json.loads(public.content)["targets"]}
    assert {one["provider"]["code"] for one in targets} < on_the_roll
    codes = [hospital.code for hospital in town.hospitals]
    return next(one for one in targets if one["provider"]["code"] in codes)
