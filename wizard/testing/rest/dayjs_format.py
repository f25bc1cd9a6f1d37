"""Times written as Day.js writes them (day.js.org/docs/en/display/format), in which REST Client takes formats: ``DD-MM-YYYY``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

TOKEN = re.compile(r"\[(?P<text>[^\]]+)\]|Y{1,4}|M{1,4}|D{1,2}|d{1,4}|H{1,2}|h{1,2}|a|A|m{1,2}|s{1,2}|Z{1,2}|SSS")
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LENGTHS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1), "s": timedelta(seconds=1)}
LENGTHS["ms"] = timedelta(milliseconds=1)
MONTHS_IN = {"y": 12, "Q": 3, "M": 1}


def moved(moment: datetime, amount: int, unit: str) -> datetime:
    """A moment `amount` units later: y, Q, M, w, d, h, m, s or ms. The last day of a month that has fewer days is taken instead."""
    if unit in LENGTHS:
        return moment + amount * LENGTHS[unit]
    months = moment.year * 12 + moment.month - 1 + amount * MONTHS_IN[unit]
    year, month = divmod(months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, _days_in(year, month + 1)))


def written(moment: datetime, pattern: str) -> str:
    """`moment`, which knows its zone, in Day.js's format; what is no token of its stays as it is."""
    return TOKEN.sub(lambda match: match["text"] or _part(moment, match[0]), pattern)


def _part(moment: datetime, token: str) -> str:
    weekday, hour = moment.isoweekday() % 7, moment.hour % 12 or 12
    parts = {
        "YY": f"{moment.year % 100:02}",
        "YYYY": f"{moment.year:04}",
        "M": f"{moment.month}",
        "MM": f"{moment.month:02}",
        "MMM": MONTHS[moment.month - 1][:3],
        "MMMM": MONTHS[moment.month - 1],
        "D": f"{moment.day}",
        "DD": f"{moment.day:02}",
        "d": f"{weekday}",
        "dd": DAYS[weekday][:2],
        "ddd": DAYS[weekday][:3],
        "dddd": DAYS[weekday],
        "H": f"{moment.hour}",
        "HH": f"{moment.hour:02}",
        "h": f"{hour}",
        "hh": f"{hour:02}",
        "a": "am" if moment.hour < 12 else "pm",
        "A": "AM" if moment.hour < 12 else "PM",
        "m": f"{moment.minute}",
        "mm": f"{moment.minute:02}",
        "s": f"{moment.second}",
        "ss": f"{moment.second:02}",
        "SSS": f"{moment.microsecond // 1000:03}",
        "Z": _offset(moment, ":"),
        "ZZ": _offset(moment, ""),
    }
    return parts.get(token, token)


def _offset(moment: datetime, between: str) -> str:
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{between}{abs(minutes) % 60:02}"


def _days_in(year: int, month: int) -> int:
    after = datetime(year + month // 12, month % 12 + 1, 1)
    return (after - timedelta(days=1)).day
