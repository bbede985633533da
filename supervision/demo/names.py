"""Invented names of people and institutions, drawn with the city's dice."""

import random

SURNAMES = (
    "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹潘葛范彭鲁马苗方俞"
    "任袁柳史唐费薛雷贺汤罗毕郝安常于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄贝明"
)
GIVEN = (
    "安柏晨澄岱帆谷涵禾珩泓淮嘉简景静可岚朗黎澜苓麓茂萌敏铭沐宁沛平启清然容若"
    "森尚书思松棠恬婉维文希贤晓欣雅彦扬依宜颖咏悠予语元远云泽昭真之知子梓"
)
PLACES = "东埔上城新江宝源兴源长安庆丰和兴永安文昌康宁福田沙洲河西龙尾梅林竹园桥头石坑青塘黄田灯塔船塘"
CARE = "仁和济民康泰惠民安康益寿同德颐和博爱宏济"


def person(dice: random.Random) -> str:
    """A person's name."""
    return dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, dice.choice((1, 2, 2, 2))))


def pair(dice: random.Random, of: str) -> str:
    """Two neighbouring characters of a list of two-character words."""
    start = dice.randrange(len(of) // 2) * 2
    return of[start : start + 2]
