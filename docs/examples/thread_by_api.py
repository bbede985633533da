"""One matter of the demo city over the API alone, from an alert to an archived decision; Python alone is enough.

    python3 docs/examples/thread_by_api.py http://127.0.0.1:8000 PASSWORD

PASSWORD is the one `make run` printed. Everybody acts by their own session, as on the pages; what each request sent and
which state it led to is printed. It takes one of the alerts still open, so it can be run again.
"""

import http.cookiejar
import io
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zipfile
from datetime import datetime, timedelta, timezone

COUNTY = "441602"
CITY = timezone(timedelta(hours=8))  # days are the city's


class Person:
    """Somebody signed in; `get`, `post` and `take` answer with what the API says."""

    def __init__(self, site: str, name: str, password: str) -> None:
        self.site = site
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.open(f"{site}/sign-in/").close()
        form = {"username": name, "password": password, "csrfmiddlewaretoken": self._token()}
        self._send("/sign-in/", urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded")

    def _token(self) -> str:
        return next(cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken")

    def _send(self, path: str, body: bytes | None, kind: str) -> bytes:
        headers = {"Content-Type": kind, "Referer": f"{self.site}/", "Idempotency-Key": str(uuid.uuid4())}
        headers["X-CSRFToken"] = self._token()
        request = urllib.request.Request(f"{self.site}{path}", body, headers)  # noqa: S310 - the site is yours
        with self.opener.open(request) as answer:
            return bytes(answer.read())

    def get(self, path: str) -> dict:
        return json.loads(self._send(f"/api/v1/{path}", None, "application/json"))

    def post(self, path: str, **facts: object) -> dict:
        """Raises SystemExit with the problem details when it is refused."""
        try:
            said = json.loads(self._send(f"/api/v1/{path}", json.dumps(facts).encode(), "application/json"))
        except urllib.error.HTTPError as refused:
            sys.exit(f"{path} {facts}: {refused.status} {refused.read().decode()}")
        print(f"{path:45} → {became(said)}")
        return said

    def download(self, path: str) -> bytes:
        return self._send(f"/api/v1/{path}", b"{}", "application/json")

    def take(self, matter: dict, step: str, **facts: object) -> None:
        self.post(f"dossiers/{matter['id']}/steps/{step}/", **facts)

    def may(self, matter: dict, step: str) -> dict:
        """The step as the API describes it: open or blocked, its fields and their choices."""
        return next(one for one in self.get(f"dossiers/{matter['id']}/steps/") if one["name"] == step)

    def upload(self, path: str, name: str, content: bytes, **facts: object) -> dict:
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, values in facts.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n')
        body = "".join(parts).encode() + b"Content-Type: text/plain\r\n\r\n" + content + f"\r\n--{edge}--\r\n".encode()
        return json.loads(self._send(f"/api/v1/{path}", body, f"multipart/form-data; boundary={edge}"))


def main(site: str, password: str) -> None:
    officer, head, reviewer = (Person(site, f"{role}1-{COUNTY}", password) for role in ("officer", "head", "legal"))
    now = datetime.now(CITY)
    today, later = now.date().isoformat(), (now.date() + timedelta(days=15)).isoformat()
    began, ended = ((now.date() - timedelta(days=days)).isoformat() for days in (120, 30))

    # An alert becomes a lead, which is verified.
    alert = officer.get("alerts/?state=new")["results"][0]
    lead = officer.post(f"alerts/{alert['id']}/lead/", reason="与住院记录比对后存疑")
    people = choices(officer.may(lead, "begin_verification"), "officers")
    officer.take(lead, "begin_verification", officers=people[:2])
    officer.take(lead, "record_verification", verification="调取资料比对，疑点属实")

    # The case is proposed and filed; the evidence is verified and a fact rests on it.
    case = officer.post(
        "cases/", title="示例·经接口办理案", subject=alert["provider_code"], cause="智能监控疑点经核查属实",
        discovered_on=today, officers=people[:2], origin=lead["id"],
    )  # fmt: skip
    head.take(case, "file")
    proof = officer.upload(
        "evidence/", "清单.txt", "费用清单（示例）".encode(), dossier=case["id"], kind="documentary", title="费用清单",
        source="现场复制，经当事人核对", collected_at=now.isoformat(), collectors=people[:2],
    )  # fmt: skip
    officer.post(f"evidence/{proof['id']}/verdict/", verdict="verify")
    officer.take(
        case, "establish_fact", act="RG-38.3", description="重复收费", fund="employee", amount="96000.00",
        evidence=[proof["id"]], period_from=began, period_to=ended,
    )  # fmt: skip
    officer.take(case, "order_correction", ordered_on=today, correct_by=later, content="停止重复收费并整改")
    by_hand = {"method": "direct", "served_on": today, "recipient": "李示例", "relation": "staff", "on_paper": True}
    (order,) = officer.get(f"papers/?dossier={case['id']}&type=correction_order")["results"]
    officer.post(f"papers/{order['id']}/services/", **by_hand)
    officer.take(
        case, "submit_report", nature="重复收费，违反基金使用规定", tier="ordinary", fine="144000.00",
        opinion="责令退回并处罚款", lenient=[], aggravating=[],
    )  # fmt: skip

    # Notice, service, statement, its answer; the party waives what is left of its days, and the hearing.
    head.take(case, "notify")
    officer.take(case, "serve_notice", **by_hand)
    officer.take(
        case, "record_statement", made_on=today, made_by="示例院长", text="请求从轻处理。", points="请求从轻处理",
        on_paper=True,
    )  # fmt: skip
    officer.take(case, "waive_statement", declared_by="示例院长", declared_on=today, on_paper=True, hearing_waived=True)
    fields = [field["name"] for field in officer.may(case, "answer_statement")["fields"]]
    answers = {name: "no" if name.startswith("accepted_") else "经复核不予采纳。" for name in fields if "_" in name}
    officer.take(case, "answer_statement", rechecked="重新核对了结算明细和病历，与原认定一致。", **answers)

    # Legal review; the major case is discussed and decided, and the decision served.
    officer.take(case, "submit_for_legal_review")
    points = choices(reviewer.may(case, "pass_legal_review"), "sound")
    reviewer.take(case, "pass_legal_review", sound=points, reasons="事实清楚，程序合法，同意。")
    begun = min(datetime.now(CITY), datetime.now(CITY).replace(hour=23, minute=58))
    members = choices(head.may(case, "deliberate"), "chair")  # the leading members who did not investigate
    head.take(
        case, "deliberate", held_on=today, place="三楼会议室", chair=members[0], heard=people[:2],
        begun_at=f"{begun:%H:%M}", ended_at=f"{begun + timedelta(minutes=1):%H:%M}",
        votes={
            str(one): {"vote": "for"} | ({"silent": True} if place else {"opinion": "事实清楚，同意。"})
            for place, one in enumerate(members)
        },
        resolution="同意拟作出的处罚。",
    )  # fmt: skip
    head.take(case, "decide_penalty", tier="ordinary", fine="144000.00", decided_on=today)
    officer.take(case, "serve_decision", **by_hand)

    # Both claims are paid by their own route; the decision is published, the case closed and archived.
    for owed in officer.get(f"receivables/?dossier={case['id']}")["results"]:
        where = {name: owed[name] for name in ("route", "fund")}
        paid = {"amount": owed["outstanding"], "paid_on": today, "voucher": f"示例-{owed['id']}"}
        officer.post(f"receivables/{owed['id']}/receipts/", **where, **paid)
    officer.take(case, "publish", published_on=today, digest="该机构重复收费，已依法作出处罚。")
    head.take(case, "close", correction="corrected", reason="已全部履行。")
    officer.take(case, "archive")

    # The whole file leaves with its index, which tells of every discussion who voted how and who was heard.
    with zipfile.ZipFile(io.BytesIO(officer.download(f"dossiers/{case['id']}/export/"))) as file:
        for held in json.loads(file.read("index.json"))["deliberations"]:
            cast = [f"{row['name']} {row['vote_label']}：{row['opinion']}" for row in held["votes"]]
            print(held["held_on"], *cast, "heard:", *(row["name"] for row in held["heard"]))
    ended = officer.get(f"dossiers/{case['id']}/")
    print(f"{ended['number']}: {ended['state_label']}  {site}/dossiers/{case['id']}/")


def became(said: dict) -> str:
    """What an answer tells of its subject: the state, what a paper is, to whom it went, what is left to pay."""
    if "served_on" in said:
        return f"served on {said['served_on']}: {said['recipient']}"
    if "outstanding" in said:
        return f"{said['state']}, {said['outstanding']} yuan outstanding"
    if "voucher" in said:
        return f"{said['amount']} yuan paid on {said['paid_on']}, voucher {said['voucher']}"
    return str(said.get("state") or said.get("label") or said.get("number") or said.get("id"))


def choices(step: dict, field: str, words: str = "") -> list[str]:
    """The values a field of a step offers under labels with these words; SystemExit where the step is blocked."""
    if not step["open"]:
        sys.exit(f"{step['name']} is blocked: {step['reasons']}")
    (found,) = (one for one in step["fields"] if one["name"] == field)
    return [choice["value"] for choice in found["choices"] if words in choice["label"]]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
