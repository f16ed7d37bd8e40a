"""Registration on one page: what it can be asked, what it is told, what it keeps.

Commands   apply an edition · issue invitations · decline · extend a deadline · save a draft · register · confirm · amend ·
           withdraw · replace a member · add wishes · accredit · refuse · clear · hold · release · request a sign-in code · sign in · sign in as staff
Queries    editions · invitations · a workspace · delegations · what waits for accreditation · history · counts
Hears      nothing: it speaks first
Publishes  EditionPublished, InvitationIssued, InvitationDeclined, DeadlineExtended, DelegationRegistered, DelegationConfirmed,
           DelegationAmended, DelegationWithdrawn, BilateralRequested, DelegateAccredited, DelegateRefused;
           personal: ContactsNamed, AccessCodeIssued
"""

from collections.abc import Mapping
from typing import Any

from summit_chassis.database import Database
from summit_chassis.identity import Issuer
from summit_chassis.service import Service
from summit_contracts.fact import Service as Name
from summit_registration.domain.ports import Unit
from summit_registration.events.subscribers import subscribers
from summit_registration.http import edition_routes, invitation_routes, review_routes, routes, staff_routes
from summit_registration.oidc.provider import OidcProvider
from summit_registration.settings import RegistrationSettings
from summit_registration.store.forgetting import FORGETTING
from summit_registration.store.mint import SystemMint
from summit_registration.store.tables import metadata
from summit_registration.store.work import SqlUnit


def _state(_: Database, settings: RegistrationSettings) -> Mapping[str, Any]:
    return {
        "mint": SystemMint(),
        "issuer": Issuer.from_json(settings.token_signing_key.get_secret_value()),
        "token_life": settings.token_life,
        "staff": _provider(settings),
        "staff_groups": settings.staff_groups,
        "staff_token_life": settings.staff_token_life,
    }


def _provider(settings: RegistrationSettings) -> OidcProvider | None:
    if settings.staff_issuer is None or settings.staff_client_id is None:
        return None
    return OidcProvider(settings.staff_issuer, settings.staff_client_id, settings.staff_groups_claim)


service: Service[Unit] = Service(
    name=Name.REGISTRATION,
    title="Summit registration",
    package="summit_registration",
    metadata=metadata,
    make_unit=SqlUnit,
    routers=(
        edition_routes.router,
        invitation_routes.router,
        review_routes.router,
        staff_routes.router,
        routes.router,
    ),
    subscribers=subscribers,
    forgetting=FORGETTING,
    state=_state,
)
