"""The minutes of a collective discussion as a form takes them."""

from datetime import timedelta

from django.utils import timezone

from supervision.procedure import clock


def just_now():
    """This minute and the next, which no hour of the day makes an hour to come; the last two of a day as it ends."""
    now = timezone.localtime(clock.now())
    begun = min(now, now.replace(hour=23, minute=58))
    return {"begun_at": f"{begun:%H:%M}", "ended_at": f"{begun + timedelta(minutes=1):%H:%M}"}


def minutes(people, against=0, abstained=0, **more):
    """Of these people the last `against` vote against, as many before them as `abstained` say abstain, the rest for.

    Who agrees has nothing to add, which the recorder says expressly.
    """
    keys = [getattr(one, "pk", one) for one in people]
    cast = ["for"] * (len(keys) - against - abstained) + ["abstained"] * abstained + ["against"] * against
    said = {
        "for": {"silent": True},
        "against": {"opinion": "不同意，建议再议。"},
        "abstained": {"opinion": "事实尚须核对。"},
    }
    return {
        "held_on": clock.today().isoformat(), **just_now(), "place": "三楼会议室",
        "chair": keys[0], "resolution": "意见如下。",
        "votes": {str(key): {"vote": vote} | said[vote] for key, vote in zip(keys, cast, strict=True)},
    } | more  # fmt: skip
