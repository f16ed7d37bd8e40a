"""The portal on one page: what it shows, what it is told, what it keeps.

Pages      public · delegation (workspace) · console (secretariat); each in six languages, each also without JavaScript
Commands   none of its own: every change goes to the owning service, with the person's own token
Queries    counts of the read model
Hears      every public fact of all services; nothing personal
Publishes  nothing
Keeps      the read model, which can be made anew from the streams at any time
"""

from collections.abc import Mapping
from typing import Any

from summit_chassis.database import Database
from summit_chassis.service import Service
from summit_contracts.fact import Service as Name
from summit_portal.clients.provider import Provider
from summit_portal.clients.services import Services
from summit_portal.events.subscribers import subscribers
from summit_portal.live.board import Board
from summit_portal.pages.console.contents import CONSOLE
from summit_portal.pages.console.sign_in import BACK, StaffSignIn
from summit_portal.pages.delegation import routes as delegation
from summit_portal.pages.public import compacts, counts, entrance, live, pledges, stream
from summit_portal.pages.public import routes as public
from summit_portal.readmodel.happenings import Happenings
from summit_portal.readmodel.reader import Reader
from summit_portal.readmodel.revision import Revision
from summit_portal.readmodel.unit import ReadModelUnit
from summit_portal.settings import PortalSettings
from summit_portal.shell.finished import AtHand, FinishedPages
from summit_portal.shell.knocking import Doorkeeper
from summit_portal.shell.lately import Lately
from summit_portal.shell.paper import Press
from summit_portal.shell.session import Sessions
from summit_portal.store.tables import metadata


def _state(database: Database, settings: PortalSettings) -> Mapping[str, Any]:
    is_secure = settings.portal_url.startswith("https://")
    reader, happenings = Reader(database), Happenings(database)
    key = settings.session_key.get_secret_value()
    return {
        "reader": reader,
        "happenings": happenings,
        "finished": FinishedPages(Revision(database).now),
        "lately": Lately(),
        "doorkeeper": Doorkeeper(settings.knocks_per_minute),
        "board": Board(happenings, reader),
        "services": Services(
            {
                Name.REGISTRATION: settings.registration_url,
                Name.SCHEDULING: settings.scheduling_url,
                Name.PLEDGES: settings.pledges_url,
                Name.NOTIFICATIONS: settings.notifications_url,
                Name.WEBHOOKS: settings.webhooks_url,
            }
        ),
        "press": Press(),
        "sessions": Sessions(key, is_secure=is_secure),
        "staff": StaffSignIn(_provider(settings), key, is_secure=is_secure),
    }


def _provider(settings: PortalSettings) -> Provider | None:
    if not (settings.staff_issuer and settings.staff_client_id):
        return None
    back = f"{settings.portal_url.rstrip('/')}{BACK}"
    return Provider(settings.staff_issuer, settings.staff_client_id, back)


service: Service[ReadModelUnit] = Service(
    name=Name.PORTAL,
    title="Summit portal",
    package="summit_portal",
    metadata=metadata,
    make_unit=ReadModelUnit,
    routers=(
        counts.router,
        entrance.router,
        entrance.pages,
        delegation.links,
        delegation.router,
        *CONSOLE,
        stream.schemas,
        pledges.data,
        live.router,
        stream.router,
        pledges.router,
        compacts.router,
        public.router,
        public.last,
    ),
    subscribers=subscribers,
    state=_state,
    before_routes=AtHand,
)
