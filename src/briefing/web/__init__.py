"""The site: pages for people over the read models, published files as they lie, the health of the service.

`make_app(service)` gives the Starlette application; whoever runs it (uvicorn, behind a proxy or not) is not of this
room. Every page works without JavaScript and without cookies.

- `application`: which address is answered by whom, and what is said when something goes wrong.
- `frame`: what every page is made from; `rendering`: from a view to HTML.
- `front`, `items`, `history`, `topics`, `sources`, `shelves`: the pages. `health`: for programs.
- `published`: files of the public folder, kept in memory; `answers`: validators and safety of every answer.
- `charts`, `evidence`, `versions`: bars, marked phrases, texts in paragraphs and their differences; pure.
"""

from briefing.web.application import make_app

__all__ = ["make_app"]
