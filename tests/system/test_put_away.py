"""While nobody is there, no screen of a visit stays: the next person's is made anew."""

from __future__ import annotations

from tests.system.kivy_program import told

SCRIPT = """
import gc, json, weakref
from dataclasses import replace
import linli.kiosk.theme.stage  # first: it settles Kivy's settings, and opens the window
from doubles.centre import at
from linli.kiosk.flows.views import Home, Screen
from linli.kiosk.flows.visit_views import AskCard
from linli.kiosk.screens.shell import Shell
from linli.kiosk.screens.warm_up import views_to_warm
from linli.kiosk.theme.rect import Rect
from linli.kiosk.theme.words import Words

shell = Shell(Words("zh_CN"), on_choose=print, on_act=print, on_home=print)
asked = next(s for s in views_to_warm(at("09:00")) if isinstance(s.view, AskCard))

def show(screen):
    shell.put(Rect(0, 0, 1280, 800), screen, at("09:00"), 30)
    return [part.__class__.__name__ for part in shell.walk()]

seen = show(asked)
screen = weakref.ref(next(w for w in shell.walk() if type(w).__name__ == "TellingScreen"))
show(Screen(Home("邻里中心")))
shell.put_away()
gc.collect()
print(json.dumps([screen() is None, show(asked) == seen]))
"""


def test_a_visits_screen_is_gone_with_who_saw_it_and_made_anew_for_the_next() -> None:
    assert told(SCRIPT) == [True, True]
