"""Residents' pages, on the phone that they linked: `/me`.

A page of this room, in a file beside these:

    routes = APIRouter(prefix="/me")

    @routes.get("/wishes")
    def wishes(request: Request, site: Here, me: Me) -> Response:
        with reading(site.engine) as connection:
            ...
        return phone_page(request, me, "wishes.html", wishes=found)

    @routes.post("/wishes")
    def wish(request: Request, site: Here, me: Me, form: Form) -> Response:
        with site.engine.begin() as connection:
            if first_time(connection, form.token, me.account, site.clock.now()):
                ...
        return go(request, "/me/wishes", "已收到您的心愿。")

`me` is whose phone it is (guard.py); without one the request ends at the page that says how to link
it. The template extends `phone/base.html`; its routes are named in routes.py, its tile on the
first page in navigation.py.
"""
