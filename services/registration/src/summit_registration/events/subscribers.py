"""The facts registration hears."""

from summit_chassis.subscribers import Subscribers
from summit_contracts.fact import Service
from summit_registration.domain.ports import Unit

subscribers: Subscribers[Unit] = Subscribers(Service.REGISTRATION)
