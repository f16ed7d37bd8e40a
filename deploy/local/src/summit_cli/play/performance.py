"""A play from its first act to the table at its end."""

from dataclasses import dataclass

from rich.console import Console

from summit_chassis.identity import SECRETARIAT, Role
from summit_cli.checkout import EditionFiles
from summit_cli.deployment import Deployment
from summit_cli.play.acts import Play
from summit_cli.play.cast import Cast
from summit_cli.play.doors import Doors
from summit_cli.play.reckoning import Reckoning
from summit_cli.play.size import USUAL, Size
from summit_cli.play.table import show
from summit_cli.screen import Acts
from summit_cli.state import State
from summit_contracts.editions import Edition

_PLAYED = "played"


@dataclass(frozen=True)
class Performance:
    """An edition to be played in a deployment, and where to show it."""

    deployment: Deployment
    edition: Edition
    files: EditionFiles
    console: Console
    size: Size = USUAL

    async def play_once(self, state: State) -> bool:
        """It is played unless it was on this machine; then whether everything agrees, as the table shows."""
        played = state.recall(_PLAYED)
        if self.edition.edition_id in played:
            self.console.print(f"\n{self.edition.title} was played here before; this is how it stands.\n")
            return await self.reckon()
        agrees = await self.play()
        if agrees:
            state.keep(_PLAYED, played | {self.edition.edition_id: self.deployment.clock.now().isoformat()})
        return agrees

    async def play(self) -> bool:
        """It was played; whether everything agrees, as the table shows."""
        self.console.print(
            f"\n[bold]{self.edition.title}[/bold], {self.edition.place}\n"
            "Invitees, days and pledges are real; people, addresses, wishes and answers are generated (seed "
            f"{self.size.seed}), and no address exists.\n",
            highlight=False,
        )
        cast = Cast(self.edition, size=self.size)
        async with self._doors() as doors:
            with Acts(self.console) as acts:
                await Play(doors, cast, acts, self.files, self.size.solve_seconds).perform()
        return await self.reckon()

    async def reckon(self) -> bool:
        """Whether every service's count equals what the streams say and nothing was set aside; the table says so."""
        async with self._doors() as doors, self.deployment.broker() as client:
            outcome = await Reckoning(doors, client, self.edition.edition_id).outcome()
        show(self.console, outcome)
        return outcome.agrees

    def _doors(self) -> Doors:
        return Doors(self.deployment.addresses, self._token_for)

    def _token_for(self, invitee: str | None) -> str:
        if invitee is None:
            return self.deployment.token(*SECRETARIAT)
        return self.deployment.token(
            Role.NOMINATOR,
            invitee=invitee,
            edition_id=self.edition.edition_id,
            account=f"{invitee}/nominator",
        )
