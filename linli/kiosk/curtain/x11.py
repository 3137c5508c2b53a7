"""A picture in front of all windows of an X server, by Xlib (Xlib - C Language X Interface, X.Org).

Its server keeps the picture as the window's ground, so nothing need be drawn again. An error ends
the process, as Xlib has it: this is for one of its own."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

from linli.kiosk.curtain.picture import NoPictureError, Picture

LIBRARY = "libX11.so.6"
Z_PIXMAP, BITS, LSB_FIRST = 2, 32, 0
DEPTHS = (24, 32)
"""Of screens whose pixels are as a `Picture`'s."""
CW_BACK_PIXMAP, CW_OVERRIDE_REDIRECT = 1 << 0, 1 << 9
SUBSTRUCTURE_NOTIFY = 1 << 19
MAP_NOTIFY = 19
EVENT_BYTES = 192
"""Of an XEvent, the union of all kinds."""


class _Attributes(ctypes.Structure):
    """XSetWindowAttributes."""

    _fields_ = (
        ("background_pixmap", c_ulong),
        ("background_pixel", c_ulong),
        ("border_pixmap", c_ulong),
        ("border_pixel", c_ulong),
        ("bit_gravity", c_int),
        ("win_gravity", c_int),
        ("backing_store", c_int),
        ("backing_planes", c_ulong),
        ("backing_pixel", c_ulong),
        ("save_under", c_int),
        ("event_mask", c_long),
        ("do_not_propagate_mask", c_long),
        ("override_redirect", c_int),
        ("colormap", c_ulong),
        ("cursor", c_ulong),
    )


class _Image(ctypes.Structure):
    """XImage, as far as its pixels' layout."""

    _fields_ = (
        ("width", c_int),
        ("height", c_int),
        ("xoffset", c_int),
        ("format", c_int),
        ("data", c_void_p),
        ("byte_order", c_int),
        ("bitmap_unit", c_int),
        ("bitmap_bit_order", c_int),
        ("bitmap_pad", c_int),
        ("depth", c_int),
        ("bytes_per_line", c_int),
        ("bits_per_pixel", c_int),
        ("red_mask", c_ulong),
        ("green_mask", c_ulong),
        ("blue_mask", c_ulong),
    )


def stand_before(picture: Picture, left: int, top: int) -> None:
    """Shows it until the process ends, before windows too that are opened later. Raises
    NoPictureError where there is no X server, or one with other pixels or less room."""
    x = _library()
    display = x.XOpenDisplay(None)
    if not display:
        raise NoPictureError("no X server answers")
    screen = x.XDefaultScreen(display)
    depth = x.XDefaultDepth(display, screen)
    wide, tall = x.XDisplayWidth(display, screen), x.XDisplayHeight(display, screen)
    if depth not in DEPTHS or left + picture.width > wide or top + picture.height > tall:
        raise NoPictureError(f"the screen is {wide}x{tall} with {depth} bits a pixel")
    root = x.XDefaultRootWindow(display)
    window = _window(x, display, root, picture, left, top)
    x.XMapRaised(display, window)
    # In this order it hears of all windows but its own, and stands before one that came in between.
    x.XSelectInput(display, root, SUBSTRUCTURE_NOTIFY)
    x.XRaiseWindow(display, window)
    x.XFlush(display)
    _stay_before(x, display, window)


def _window(x: ctypes.CDLL, display: int, root: int, picture: Picture, left: int, top: int) -> int:
    screen = x.XDefaultScreen(display)
    depth, visual = x.XDefaultDepth(display, screen), x.XDefaultVisual(display, screen)
    size = (picture.width, picture.height)
    pixmap = x.XCreatePixmap(display, root, *size, depth)
    image = x.XCreateImage(display, visual, depth, Z_PIXMAP, 0, picture.rows, *size, BITS, 0)
    if not image or not _is_ours(image.contents):
        raise NoPictureError("the X server's pixels are packed in another way")
    x.XPutImage(display, pixmap, x.XDefaultGC(display, screen), image, 0, 0, 0, 0, *size)
    window = x.XCreateSimpleWindow(display, root, left, top, *size, 0, 0, 0)
    given = _Attributes(background_pixmap=pixmap, override_redirect=1)
    mask = CW_BACK_PIXMAP | CW_OVERRIDE_REDIRECT
    x.XChangeWindowAttributes(display, window, mask, byref(given))
    return int(window)


def _is_ours(image: _Image) -> bool:
    layout = (image.byte_order, image.bits_per_pixel, image.red_mask, image.blue_mask)
    return layout == (LSB_FIRST, BITS, 0xFF0000, 0xFF)


def _stay_before(x: ctypes.CDLL, display: int, window: int) -> None:
    event = ctypes.create_string_buffer(EVENT_BYTES)
    while True:
        x.XNextEvent(display, event)
        if c_int.from_buffer(event).value == MAP_NOTIFY:
            x.XRaiseWindow(display, window)
            x.XFlush(display)


def _library() -> ctypes.CDLL:
    try:
        x = ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise NoPictureError(f"{LIBRARY} is missing") from error
    size = (c_uint, c_uint)
    declared = {
        "XOpenDisplay": (c_void_p, c_char_p),
        "XDefaultScreen": (c_int, c_void_p),
        "XDefaultDepth": (c_int, c_void_p, c_int),
        "XDefaultVisual": (c_void_p, c_void_p, c_int),
        "XDefaultGC": (c_void_p, c_void_p, c_int),
        "XDefaultRootWindow": (c_ulong, c_void_p),
        "XDisplayWidth": (c_int, c_void_p, c_int),
        "XDisplayHeight": (c_int, c_void_p, c_int),
        "XSelectInput": (c_int, c_void_p, c_ulong, c_long),
        "XCreatePixmap": (c_ulong, c_void_p, c_ulong, *size, c_uint),
        "XCreateImage": (
            *(POINTER(_Image), c_void_p, c_void_p, c_uint, c_int, c_int, c_char_p),
            *(*size, c_int, c_int),
        ),
        "XPutImage": (
            *(c_int, c_void_p, c_ulong, c_void_p, POINTER(_Image)),
            *(c_int, c_int, c_int, c_int, *size),
        ),
        "XCreateSimpleWindow": (
            *(c_ulong, c_void_p, c_ulong, c_int, c_int),
            *(*size, c_uint, c_ulong, c_ulong),
        ),
        "XChangeWindowAttributes": (c_int, c_void_p, c_ulong, c_ulong, POINTER(_Attributes)),
        "XMapRaised": (c_int, c_void_p, c_ulong),
        "XRaiseWindow": (c_int, c_void_p, c_ulong),
        "XNextEvent": (c_int, c_void_p, c_void_p),
        "XFlush": (c_int, c_void_p),
    }
    for name, (result, *given) in declared.items():
        function = getattr(x, name)
        function.restype, function.argtypes = result, given
    return x
