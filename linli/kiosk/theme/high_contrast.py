"""The theme for eyes that need edges: black and deep colours on plain white, every surface with a
dark border, no soft tints. What is pressed turns yellow, on which all of them can be read."""

from __future__ import annotations

from types import MappingProxyType

from linli.kiosk.theme.tokens import (
    CARD,
    FIRST,
    GOLD,
    GOLD_FILL,
    GOLD_LINE,
    GOLD_SOFT,
    GREEN,
    GREEN_SOFT,
    HATCH_DARK,
    HATCH_LIGHT,
    INK,
    LINE,
    PAPER,
    RAIL,
    RED,
    RED_DEEP,
    RED_SOFT,
    SECOND,
    SOFT,
    THIRD,
    Theme,
)

WHITE, GREY, BLACK, YELLOW = "#FFFFFF", "#8A8A8A", "#000000", "#FFE14D"
"""The grey is only for the second of two things in a drawing."""
DEEP_RED, DEEP_GOLD, DEEP_GREEN = "#640803", "#3A2600", "#04351F"

HIGH_CONTRAST = Theme(
    colours=MappingProxyType(
        {
            PAPER: WHITE,
            CARD: WHITE,
            GOLD_SOFT: WHITE,
            GREEN_SOFT: WHITE,
            RAIL: WHITE,
            SECOND: WHITE,
            THIRD: WHITE,
            RED_SOFT: YELLOW,
            FIRST: YELLOW,
            INK: BLACK,
            SOFT: BLACK,
            LINE: GREY,
            RED: DEEP_RED,
            RED_DEEP: BLACK,
            GREEN: DEEP_GREEN,
            GOLD: DEEP_GOLD,
            GOLD_FILL: DEEP_GOLD,
            GOLD_LINE: BLACK,
            HATCH_DARK: DEEP_RED,
            HATCH_LIGHT: WHITE,
        }
    ),
    edges=MappingProxyType(
        {
            LINE: BLACK,
            GOLD_SOFT: BLACK,
            GREEN_SOFT: BLACK,
            RED_SOFT: BLACK,
            RAIL: BLACK,
            SECOND: BLACK,
            THIRD: BLACK,
            FIRST: BLACK,
        }
    ),
    border=4,
    contrast=10.0,
)
