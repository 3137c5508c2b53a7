"""Which screen draws which view of the maintainer's menu."""

from __future__ import annotations

from linli.kiosk.flows.afar_views import AfarView
from linli.kiosk.flows.card_making_views import CardsToMake, MakingCard
from linli.kiosk.flows.enrol_views import Enrolling
from linli.kiosk.flows.maintenance_views import (
    AskRestart,
    AskService,
    ColourTest,
    Diagnosis,
    Level,
    MaintenanceView,
    Menu,
    NetworkState,
    Pairing,
    SelfTest,
    TouchTest,
)
from linli.kiosk.flows.visit_views import VisitView
from linli.kiosk.screens.maintenance.card_making import CardsToMakeScreen, MakingCardScreen
from linli.kiosk.screens.maintenance.enrol import EnrolScreen
from linli.kiosk.screens.maintenance.facts import FactsScreen
from linli.kiosk.screens.maintenance.level import LevelScreen, QuestionScreen
from linli.kiosk.screens.maintenance.menu import MenuScreen
from linli.kiosk.screens.maintenance.screen_test import ColourScreen, TouchScreen
from linli.kiosk.screens.maintenance.self_test import DiagnosisScreen, SelfTestScreen
from linli.kiosk.theme.part import Part

MAINTENANCE: dict[type[VisitView | MaintenanceView | AfarView], type[Part]] = {
    Menu: MenuScreen,
    NetworkState: FactsScreen,
    SelfTest: SelfTestScreen,
    Diagnosis: DiagnosisScreen,
    Pairing: FactsScreen,
    Level: LevelScreen,
    AskRestart: QuestionScreen,
    AskService: QuestionScreen,
    Enrolling: EnrolScreen,
    ColourTest: ColourScreen,
    TouchTest: TouchScreen,
    CardsToMake: CardsToMakeScreen,
    MakingCard: MakingCardScreen,
}
