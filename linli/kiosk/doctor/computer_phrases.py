"""What is said of the computer and of the way to the ledger."""

from __future__ import annotations

from linli.assets.words import Words
from linli.kiosk.doctor.finding import Code

Texts = dict[Code, tuple[str, str]]


def computer(words: Words) -> Texts:
    return {
        Code.STUMBLED: (
            words("The check itself failed: {error}"),
            words("Please send this line to whoever develops the terminal."),
        ),
        Code.SETTINGS_WRONG: (
            words("The settings cannot be used: {error}"),
            words("Mend that line of the file and try again."),
        ),
        Code.POWER_WELL: (words("Enough power, {celsius} °C."), ""),
        Code.POWER_LOW: (
            words("The voltage is too low at this moment."),
            words(
                "Use the original power supply and a short cable, and give printer and locker "
                "a supply of their own."
            ),
        ),
        Code.POWER_WAS_LOW: (
            words("The voltage has been too low since the start."),
            words(
                "Use the original power supply and a short cable, and give printer and locker "
                "a supply of their own."
            ),
        ),
        Code.POWER_HOT: (
            words("It is hot: {celsius} °C. The computer slows itself down."),
            words("Free the slits of the housing, keep it out of the sun, fit a fan."),
        ),
        Code.POWER_UNKNOWN: (words("This computer does not tell its voltage."), ""),
        Code.DISK_WELL: (words("{free} free."), ""),
        Code.DISK_NEARLY_FULL: (
            words("The disk is nearly full: {free} free."),
            words("Delete what does not belong to the terminal, or take a larger card."),
        ),
        Code.DISK_FULL: (
            words("The disk is full: {free} free. Soon no tap can be recorded."),
            words("Delete what does not belong to the terminal at once, or take a larger card."),
        ),
        Code.DISK_NOT_WRITTEN: (
            words("{path} cannot be written: {error}"),
            words(
                "If it says read-only, the card is worn out: copy the data and replace it. "
                "Otherwise give the directory to the terminal's user."
            ),
        ),
        Code.DISK_OLD: (
            words("The storage is near the end of its life ({free} free)."),
            words("Replace it within the next weeks: copy the data folder to the new one."),
        ),
        Code.DATABASE_WELL: (words("Sound."), ""),
        Code.DATABASE_NOT_BEGUN: (words("There is none yet: it is made at the first start."), ""),
        Code.DATABASE_DAMAGED: (
            words("The database is damaged: {error}"),
            words(
                "Stop the terminal, keep a copy of terminal.db and terminal.key, and ask whoever "
                "looks after the ledger. Do not delete them: unsent records are inside."
            ),
        ),
        Code.DATABASE_NOT_SAVED: (
            words("Nothing can be recorded: {error}"),
            words("No card is taken meanwhile. Look at the disk first, then restart the terminal."),
        ),
        Code.FONTS_WELL: (words("{n} fonts."), ""),
        Code.FONTS_MISSING: (
            words("There are no Chinese fonts in {path}."),
            words("Install the terminal again: make setup builds them."),
        ),
        Code.CLOCK_WELL: (words("The time is right, and a battery keeps it."), ""),
        Code.CLOCK_NO_BATTERY: (
            words("The time is right. After a power cut it takes the network to know it again."),
            "",
        ),
        Code.CLOCK_BATTERY_EMPTY: (
            words("The clock's battery is empty or missing."),
            words("Put in a new cell (Pi 5: the two-pin plug J5)."),
        ),
        Code.CLOCK_UNCERTAIN: (
            words("It is not certain that the time is right."),
            words("Bring the network back; time servers use port 123 (UDP)."),
        ),
    }


def reaching(words: Words) -> Texts:
    return {
        Code.NETWORK_WELL: (words("Connected by {interfaces}."), ""),
        Code.NETWORK_NO_CABLE: (
            words("There is no network: no cable and no Wi-Fi."),
            words("Plug in the cable until it clicks; the lamp at the socket must be lit."),
        ),
        Code.NETWORK_NO_ADDRESS: (
            words("{interfaces} is connected but leads nowhere."),
            words("Restart the router; see whether it gives out addresses (DHCP)."),
        ),
        Code.REACHED: (words("{where} answers."), ""),
        Code.NO_NAME: (
            words("The name in {where} is not known to the network."),
            words(
                "See whether the name is written rightly, and whether the router gives out a DNS."
            ),
        ),
        Code.REFUSED: (
            words("{where} is there, but nothing listens."),
            words("Start the service there, or correct the port in the settings."),
        ),
        Code.UNREACHED: (
            words("{where} cannot be reached."),
            words("See whether other websites open; a firewall may be in the way."),
        ),
        Code.LEDGER_UNTRUSTED: (
            words("{where} shows a certificate that is not trusted."),
            words("See whether the terminal's date is right; else renew the certificate."),
        ),
        Code.LEDGER_TROUBLED: (
            words("{where} answers with an error."),
            words("Tell whoever looks after the ledger. The terminal goes on meanwhile."),
        ),
        Code.LEDGER_CLOCK_APART: (
            words("The clocks of ledger and terminal are {seconds} s apart."),
            words("Bring the terminal's clock right: time servers use port 123 (UDP)."),
        ),
    }
