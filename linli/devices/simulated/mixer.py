"""A sound card's mixer that speaks amixer's text, as alsa-utils 1.2 prints it.

mixer = Mixer(ask=SimulatedMixer({"PCM": 40}))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linli.devices.programs import ProgramError

NONE = "amixer: Mixer attach default error: No such file or directory"


class SimulatedMixer:
    """`levels` are its playback controls in percent; `captures` have no playback; `unplugged`
    is no card. `muted` names controls."""

    def __init__(self, levels: Mapping[str, int], captures: Sequence[str] = ()) -> None:
        self.levels, self.captures = dict(levels), list(captures)
        self.muted: set[str] = set()
        self.unplugged = False

    def __call__(self, command: Sequence[str]) -> str:
        if self.unplugged:
            raise ProgramError(NONE)
        program, _, _, scale, verb, *rest = command
        if (program, scale) != ("amixer", "-M"):
            raise ProgramError(f"{program}: not found")
        if verb == "scontrols":
            names = (*self.captures, *self.levels)
            return "".join(f"Simple mixer control '{name}',0\n" for name in names)
        name = rest[0].removesuffix(",0")
        if verb == "sset":
            self._set(name, rest[1])
        return self._told(name)

    def _set(self, name: str, value: str) -> None:
        if value == "unmute":
            self.muted.discard(name)
        else:
            self.levels[name] = int(value.removesuffix("%"))

    def _told(self, name: str) -> str:
        head = f"Simple mixer control '{name}',0\n"
        if name not in self.levels:
            return f"{head}  Capabilities: cvolume\n  Mono: Capture 8 [50%] [on]\n"
        percent, on = self.levels[name], "off" if name in self.muted else "on"
        told = f"Playback {percent * 655} [{percent}%] [-{100 - percent}.00dB] [{on}]"
        sides = f"  Front Left: {told}\n  Front Right: {told}\n"
        return f"{head}  Capabilities: pvolume pswitch\n  Limits: Playback 0 - 65536\n{sides}"
