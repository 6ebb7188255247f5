"""Where the site is, as its visitors see it: for links that must work from elsewhere."""

from __future__ import annotations

import re

from starlette.requests import Request

from ens_dash.settings import Settings

HOST = re.compile(r"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


def site_address(request: Request, settings: Settings) -> str:
    """The site's address without a slash at its end: the operator's, else that of the request.

    Empty where the request does not name a host properly: addresses then begin with a slash.
    """
    if settings.public_url:
        return settings.public_url
    host = request.headers.get("host", "")
    if HOST.fullmatch(host) is None:
        return ""
    return f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}".rstrip("/")
