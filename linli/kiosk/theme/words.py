"""The words of the interface, for its screens."""

from __future__ import annotations

from linli.assets.words import MONTHS as MONTHS
from linli.assets.words import WEEKDAYS as WEEKDAYS
from linli.assets.words import Words as Words
from linli.assets.words import catalogue as catalogue
from linli.assets.words import time_of as time_of
