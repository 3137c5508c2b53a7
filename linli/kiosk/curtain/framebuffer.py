"""A picture in the kernel's framebuffer: what a screen without a window system shows whenever no
program has it (Linux, Documentation/fb/framebuffer.rst)."""

from __future__ import annotations

from pathlib import Path

from linli.kiosk.curtain.picture import PIXEL, NoPictureError, Picture

DEVICE, FACTS = Path("/dev/fb0"), Path("/sys/class/graphics/fb0")
BITS = 8 * PIXEL


def lay_down(picture: Picture, device: Path = DEVICE, facts: Path = FACTS) -> None:
    """It is seen from now on, until a window opens, and again once that is gone. Raises
    NoPictureError where there is no framebuffer, or one of another shape."""
    wide, tall, stride = _shape(facts)
    if (wide, tall) != (picture.width, picture.height):
        raise NoPictureError(f"the framebuffer is {wide}x{tall}")
    row = picture.width * PIXEL
    lines = (picture.rows[number * row : (number + 1) * row] for number in range(tall))
    _write(device, b"".join(line.ljust(stride, b"\0") for line in lines))


def take_up(device: Path = DEVICE, facts: Path = FACTS) -> None:
    """It is black again. Raises NoPictureError."""
    _, tall, stride = _shape(facts)
    _write(device, bytes(tall * stride))


def _shape(facts: Path) -> tuple[int, int, int]:
    """Pixels across and down, and bytes from one line to the next."""
    try:
        wide, tall = map(int, _fact(facts, "virtual_size").split(","))
        bits, stride = int(_fact(facts, "bits_per_pixel")), int(_fact(facts, "stride"))
    except (OSError, ValueError) as error:
        raise NoPictureError(f"there is no framebuffer: {error}") from error
    if bits != BITS or stride < wide * PIXEL:
        raise NoPictureError(f"the framebuffer has {bits} bits a pixel")
    return wide, tall, stride


def _write(device: Path, lines: bytes) -> None:
    try:
        with device.open("r+b", buffering=0) as out:
            view = memoryview(lines)
            while view:
                view = view[out.write(view) :]
    except OSError as error:
        raise NoPictureError(f"the framebuffer takes nothing: {error}") from error


def _fact(facts: Path, name: str) -> str:
    return (facts / name).read_text(encoding="ascii").strip()
