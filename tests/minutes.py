"""The minutes of a collective discussion as a form takes them."""

from django.utils import timezone

from supervision.procedure import clock


def minutes(people, against=0, abstained=0, **more):
    """Of these people the last `against` vote against, as many before them as `abstained` say abstain, the rest for."""
    keys = [getattr(one, "pk", one) for one in people]
    cast = ["for"] * (len(keys) - against - abstained) + ["abstained"] * abstained + ["against"] * against
    said = {"for": "", "against": "不同意，建议再议。", "abstained": "事实尚须核对。"}
    return {
        "held_on": clock.today().isoformat(), "begun_at": f"{timezone.localtime(clock.now()):%H:%M}",
        "ended_at": "23:59:59", "place": "三楼会议室",
        "chair": keys[0], "resolution": "意见如下。",
        "votes": {str(key): {"vote": vote, "opinion": said[vote]} for key, vote in zip(keys, cast, strict=True)},
    } | more  # fmt: skip
