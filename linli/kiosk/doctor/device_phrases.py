"""What is said of what is plugged in."""

from __future__ import annotations

from linli.assets.words import Words
from linli.kiosk.doctor.computer_phrases import Texts
from linli.kiosk.doctor.finding import Code


def devices(words: Words) -> Texts:
    return {
        Code.NOT_SET: (words("This terminal has none."), ""),
        Code.GONE: (
            words("{path} is not plugged in."),
            words("Plug in its USB cable, or correct the path. Plugged in now: {ports}"),
        ),
        Code.IN_USE: (
            words("The terminal is using it (process {pid})."),
            words("To try it by hand, stop the terminal first, or use the maintainer's menu."),
        ),
        Code.TAKEN: (
            words("Another program has it: {command} (process {pid})."),
            words("End that program; the terminal needs the device for itself."),
        ),
        Code.NOT_ALLOWED: (
            words("This user may not open {path}."),
            words("Add the user to the groups dialout and lp, and log in anew."),
        ),
        Code.SILENT: (
            words("It is plugged in and does not answer."),
            words("See whether it has power; unplug it and plug it in again."),
        ),
        Code.ALL_NAMED: (words("{n} devices on USB, all named in the settings."), ""),
        Code.NOT_NAMED: (
            words("Plugged in and not named in the settings: {ports}"),
            words("If it is reader, locker or printer, write its path into the settings."),
        ),
        Code.READER_NOT_SET: (
            words("No reader is set."),
            words("Write its path into `readers` of the settings. Plugged in now: {ports}"),
        ),
        Code.READER_WELL: (words("It answers."), ""),
        Code.READER_READ_A_CARD: (words("It read a card."), ""),
        Code.READER_SAW_NO_CARD: (
            words("It answers, but no card was seen."),
            words(
                "Lay the card flat on the middle. Metal behind the antenna needs a ferrite sheet."
            ),
        ),
        Code.READER_SILENT: (
            words("It is plugged in and does not answer."),
            words("Both switches of the PN532 board must be at HSU, and TX and RX be crossed."),
        ),
        Code.DISPLAY_WELL: (words("Connected: {outputs}."), ""),
        Code.DISPLAY_NONE: (
            words("No screen is connected."),
            words(
                "Plug the HDMI cable into the socket beside the power, and switch the screen on."
            ),
        ),
        Code.DISPLAY_WRONG_OUTPUT: (
            words("There is no screen at {output}; connected: {outputs}."),
            words("Put the cable into that socket, or correct `output` in the settings."),
        ),
        Code.DISPLAY_UNKNOWN: (words("This computer does not tell of its screens."), ""),
        Code.LOCKER_WELL: (words("It answers; all {n} doors are shut."), ""),
        Code.LOCKER_DOOR_OPEN: (
            words("Standing open: door {doors}."),
            words("Shut it. If it is shut, its contact or its wire is broken."),
        ),
        Code.LOCKER_TAMPERED: (
            words("The housing has been opened."),
            words("Look whether anything was changed inside, then shut it."),
        ),
    }


def printing(words: Words) -> Texts:
    return {
        Code.PRINTER_WELL: (words("Ready, with paper."), ""),
        Code.PRINTER_PAPER_LOW: (
            words("The paper is nearly used up."),
            words("Keep a new roll ready."),
        ),
        Code.PRINTER_PAPER_OUT: (
            words("The paper is used up."),
            words("Put in a new roll, the printed side out, and shut the cover."),
        ),
        Code.PRINTER_COVER_OPEN: (
            words("The cover is open."),
            words("Press it down on both sides until it clicks."),
        ),
        Code.PRINTER_CUTTER_JAMMED: (
            words("The cutter is jammed."),
            words("Switch it off, open the cover, take out the paper, switch it on again."),
        ),
        Code.PRINTER_OFFLINE: (
            words("It does not answer."),
            words("See whether it is switched on and its cable is in. It must answer DLE EOT."),
        ),
    }


def sounding(words: Words) -> Texts:
    return {
        Code.SOUND_WELL: (words("There is a sound card."), ""),
        Code.SOUND_HEARD: (words("It was heard."), ""),
        Code.SOUND_NOT_HEARD: (
            words("A sound was played, and nobody heard it."),
            words("Switch the loudspeaker on and turn it up; see `device` in [sound] (aplay -L)."),
        ),
        Code.SOUND_NO_CARD: (
            words("No sound card is found."),
            words("Plug in the loudspeaker, or switch the HDMI sound on."),
        ),
        Code.SOUND_NO_PROGRAM: (
            words("The program {program} is missing."),
            words("Install the packages alsa-utils and espeak-ng."),
        ),
        Code.SOUND_MUTED: (
            words("The sound card is muted."),
            words("Turn it up in the maintainer's menu, under Volume."),
        ),
        Code.SOUND_PLAYER_FAILED: (
            words("Nothing can be played: {error}"),
            words("See `device` in [sound] of the settings; aplay -L lists what there is."),
        ),
    }
