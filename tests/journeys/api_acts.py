"""What several stretches of the API tour share: service, answers, a discussion, a payment."""

import io

from supervision.procedure import clock
from tests.minutes import minutes


def today():
    return clock.today().isoformat()


def by_hand(recipient):
    """A paper handed over today; the certificate the recipient signed is in the paper file."""
    return {
        "method": "direct", "relation": "staff", "served_on": today(), "recipient": recipient, "on_paper": True,
    }  # fmt: skip


def paper_copy(name):
    content = io.BytesIO(f"{name}\n（示例证据，内容均为虚构）\n".encode())
    content.name = name
    return content


def answer_every_point(caller, dossier):
    (step,) = (one for one in caller.get(f"dossiers/{dossier['id']}/steps/") if one["name"] == "answer_statement")
    names = [field["name"] for field in step["fields"]]
    assert sum(name.startswith("answer_") for name in names) == 2
    said = {"answer": "经复核，证据充分，不予采纳。", "accepted": "no"}
    if "rechecked" in names:
        said["rechecked"] = "重新核对了结算明细和病历，与原认定一致。"
    answers = {name: said[name.split("_")[0]] for name in names if name.split("_")[0] in said}
    caller.take(dossier, "answer_statement", **answers)


def discuss(caller, dossier, *people):
    """A collective discussion of these people, all in favour; the first of them chairs."""
    caller.take(dossier, "deliberate", **minutes([one.user for one in people], resolution="同意拟作出的处理。"))


def receipt(owed, **changed):
    return {
        "amount": owed["outstanding"], "route": owed["route"], "fund": owed["fund"], "paid_on": today(),
        "voucher": f"示例{owed['id']:06d}", **changed,
    }  # fmt: skip


def pay(caller, owed):
    caller.post(f"receivables/{owed['id']}/receipts/", **receipt(owed))
    assert caller.get(f"receivables/{owed['id']}/")["state"] == "paid"
