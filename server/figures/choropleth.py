"""Choropleth: a world map, with countries darker the more works are about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .bars import Bar
from .chart import Drawing, Say, said
from .counts import Count
from .svg import Legend, element, linked
from .world import SCALE, world

#: Colours from few works to many, and for none.
_SHADES = ("#c4e3de", "#8bc7be", "#4ea79b", "#197e72", "#05443d")
_NONE = "#e6eaeb"


@dataclass(frozen=True, slots=True)
class Steps:
    """The smallest number of works for each shade."""

    least: tuple[int, ...]

    @classmethod
    def up_to(cls, highest: int) -> Steps:
        """Up to five shades for numbers up to the highest.

        >>> Steps.up_to(30).least, Steps.up_to(3).least
        ((1, 2, 5, 10, 20), (1, 2, 3))
        """
        if highest <= 5:
            return cls(tuple(range(1, max(1, highest) + 1)))
        rounded = [f * 10**power for power in range(9) for f in (1, 2, 5)]
        fitting = [number for number in rounded if number <= highest]
        return cls((1, *fitting[1:][-4:]))

    def of(self, works: float) -> int:
        """The index of the shade for a number of works."""
        return sum(works >= least for least in self.least[1:])

    def label(self, place: int) -> str:
        """The legend label of a shade: "5–9", "20 and more"."""
        least = self.least[place]
        if place + 1 == len(self.least):
            return f"{least:,} and more"
        most = self.least[place + 1] - 1
        return f"{least:,}" if most == least else f"{least:,}–{most:,}"

    def look(self, place: int) -> Mapping[str, str]:
        """The attributes of a shade; the last is always the darkest."""
        shade = round(place * (len(_SHADES) - 1) / max(1, len(self.least) - 1))
        return {"class_": f"shade-{shade}", "fill": _SHADES[shade]}


def choropleth(
    counts: Mapping[str, Count | Bar],
    address: Callable[[str], str],
    names: Callable[[str], str],
    say: Say = said,
    nowhere: str = "no works",
) -> Drawing:
    """The map; ``names`` returns our name of the country with a code."""
    steps = Steps.up_to(int(max((count.works for count in counts.values()), default=1)))
    nothing = {"class_": "none", "fill": _NONE}
    elements = []
    land = world()
    for outline in land.outlines:
        count = counts.get(outline.code)
        path = element(
            "path", d=outline.path, **(steps.look(steps.of(count.works)) if count else nothing)
        )
        name = names(outline.code) or outline.name
        words = f"{name}: {say(count.works, count.inferred) if count else nowhere}"
        elements.append(linked(address(outline.code) if count else "", words, path))
    group = element(
        "g",
        *elements,
        class_="land",
        transform=f"scale({SCALE})",
        stroke="#ffffff",
        stroke_width="0.8",
        stroke_linejoin="round",
    )
    legend = [Legend(steps.look(place), steps.label(place)) for place in range(len(steps.least))]
    return Drawing([group], land.height, (Legend(nothing, nowhere), *legend))
