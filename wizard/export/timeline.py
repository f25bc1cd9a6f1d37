"""A run as a picture: when each step was made, and which chain of steps the whole took as long as (SVG, for a browser or a document)."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from wizard.engine.events import Event, StepEvent, StepState
from wizard.platform.language import _, plural
from wizard.platform.redaction import redaction
from wizard.platform.terminal_text import plain

if TYPE_CHECKING:
    from wizard.engine.step import Step

BEGINS = (StepState.RUNNING, StepState.WAITING)
ENDS = (StepState.DONE, StepState.FAILED)
LEFT, WIDTH, ROW, TOP, LONGEST = 330, 900, 22, 64, 46  # pixels; the last in characters of a title
CRITICAL, OTHER, FAILED = "#b3541e", "#5b84b1", "#a4161a"
TICKS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800)  # seconds
MOST_TICKS = 10


@dataclass
class Bar:
    """One step, in seconds since the run began."""

    step: Step
    began: float
    ended: float | None = None
    has_failed: bool = False


@dataclass
class Timeline:
    """What a run tells of its steps; `hear` is its listener.

    :param steps: every step of the plan, for what needs what.
    """

    steps: Sequence[Step]
    began: float = field(default_factory=time.monotonic)
    bars: dict[str, Bar] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        """Note when a step begins and when it ends."""
        if not isinstance(event, StepEvent):
            return
        now, by_id = time.monotonic() - self.began, {step.id: step for step in self.steps}
        bar = self.bars.get(event.step)
        if bar is None and event.state in BEGINS and event.step in by_id:
            self.bars[event.step] = Bar(by_id[event.step], now)
        elif bar is not None and event.state in ENDS:
            bar.ended, bar.has_failed = now, event.state is StepState.FAILED

    def svg(self, title: str) -> str:
        """The picture. What is not over yet ends where the run does."""
        return _picture(self.bars, title, time.monotonic() - self.began)


def critical_steps(bars: Mapping[str, Bar]) -> list[str]:
    """The chain of steps of which each began when the one before let it, up to the one that ended last."""
    ended = {key: bar.ended for key, bar in bars.items() if bar.ended is not None}
    chain: list[str] = []
    key = max(ended, key=lambda one: ended[one], default=None)
    while key is not None:
        chain.append(key)
        step, began = bars[key].step, bars[key].began
        lets = {need: min(ended.get(need, began), began) if need in step.early else ended[need] for need in step.needs if need in ended}
        key = max(lets, key=lambda one: lets[one], default=None)
    return chain[::-1]


def _picture(bars: Mapping[str, Bar], title: str, seconds: float) -> str:
    whole = max([seconds if bar.ended is None else bar.ended for bar in bars.values()] or [1.0])
    whole = max(whole, 0.1)
    scale, critical = (WIDTH - LEFT - 70) / whole, set(critical_steps(bars))
    height = TOP + ROW * len(bars) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="10" y="22" font-size="15" font-weight="bold" fill="#1c1c1c">{_text(title)}</text>',
        f'<text x="10" y="42" fill="{CRITICAL}">{_text(_legend(bars, len(critical)))}</text>',
        *_ticks(whole, scale, height),
    ]
    for number, (key, bar) in enumerate(sorted(bars.items(), key=lambda item: (item[1].began, item[0]))):
        parts += _row(bar, TOP + number * ROW, scale, whole, is_critical=key in critical)
    return "\n".join([*parts, "</svg>", ""])


def _legend(bars: Mapping[str, Bar], count: int) -> str:
    words = plural(
        "Marked ●: the {count} step that the whole took as long as.", "Marked ●: the {count} steps that the whole took as long as.", count
    )
    return words.format(count=count) if bars else _("Nothing was made.")


def _ticks(whole: float, scale: float, height: int) -> list[str]:
    step = next((seconds for seconds in TICKS if whole / seconds <= MOST_TICKS), TICKS[-1])
    lines = []
    for number in range(int(whole // step) + 1):
        x = LEFT + number * step * scale
        lines.append(f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height - 8}" stroke="#e0e0e0"/>')
        lines.append(f'<text x="{x:.1f}" y="{TOP - 12}" text-anchor="middle" fill="#555555">{_clock(number * step)}</text>')
    return lines


def _row(bar: Bar, y: int, scale: float, whole: float, *, is_critical: bool) -> list[str]:
    ended = whole if bar.ended is None else bar.ended
    colour = FAILED if bar.has_failed else CRITICAL if is_critical else OTHER
    name = bar.step.title if len(bar.step.title) <= LONGEST else bar.step.title[: LONGEST - 1] + "…"
    mark = "● " if is_critical else ""
    x, width = LEFT + bar.began * scale, max(2.0, (ended - bar.began) * scale)
    weight = ' font-weight="bold"' if is_critical else ""
    return [
        f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end" fill="#1c1c1c"{weight}>{_text(mark + name)}</text>',
        f'<rect x="{x:.1f}" y="{y + 3}" width="{width:.1f}" height="{ROW - 7}" rx="2" fill="{colour}"/>',
        f'<text x="{x + width + 5:.1f}" y="{y + 14}" fill="#333333">{_text(_length(bar, ended))}</text>',
    ]


def _length(bar: Bar, ended: float) -> str:
    words = f"{ended - bar.began:.1f} s"
    return f"{words} · {_('failed')}" if bar.has_failed else words


def _clock(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _text(text: str) -> str:
    """A text from outside as it may stand in XML, without secrets."""
    return escape(redaction(plain(text)))
