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
    try:
        wide, tall = map(int, _fact(facts, "virtual_size").split(","))
        bits, stride = int(_fact(facts, "bits_per_pixel")), int(_fact(facts, "stride"))
    except (OSError, ValueError) as error:
        raise NoPictureError(f"there is no framebuffer: {error}") from error
    if (wide, tall, bits) != (picture.width, picture.height, BITS):
        raise NoPictureError(f"the framebuffer is {wide}x{tall} with {bits} bits a pixel")
    row = picture.width * PIXEL
    try:
        with device.open("r+b") as out:
            for number in range(tall):
                out.seek(number * stride)
                out.write(picture.rows[number * row : (number + 1) * row])
    except OSError as error:
        raise NoPictureError(f"the framebuffer takes nothing: {error}") from error


def _fact(facts: Path, name: str) -> str:
    return (facts / name).read_text(encoding="ascii").strip()
