"""A need from its publication until it is met or no longer required (D8)."""

from dataclasses import dataclass, replace

from summit_contracts.pledges import NeedPublished
from summit_contracts.promises import Need
from summit_pledges.domain.errors.steps import NeedClosed, NothingChanged, PledgeChanged
from summit_pledges.domain.promise import check_need
from summit_pledges.domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNeed:
    """What UN Police requires for one summit; it exists once it is published, and a closed one stays closed."""

    edition_id: str
    need_id: str
    need: Need
    is_open: bool
    revision: int
    """Counts the publications from 1."""

    @classmethod
    def publish(
        cls, need: Need, *, edition_id: str, need_id: str, taxonomy: Taxonomy
    ) -> tuple["PublishedNeed", NeedPublished]:
        """The need is open, and everybody hears of it.

        Raises:
            Invalid: a code means nothing; see `check_need`.
        """
        check_need(need, taxonomy)
        published = cls(edition_id=edition_id, need_id=need_id, need=need, is_open=True, revision=1)
        return published, published.statement()

    def expect(self, revision: int) -> None:
        """The caller decided on what is current.

        Raises:
            PledgeChanged: somebody changed the need in the meantime.
        """
        if revision != self.revision:
            raise PledgeChanged(revision, self.revision)

    def check_open(self) -> None:
        """A pledge may answer it.

        Raises:
            NeedClosed: it is met or no longer required.
        """
        if not self.is_open:
            raise NeedClosed(self.need_id)

    def change(self, need: Need, *, taxonomy: Taxonomy) -> tuple["PublishedNeed", NeedPublished]:
        """The need says something else.

        Raises:
            NeedClosed: it is closed.
            NothingChanged: it says so already.
            Invalid: a code means nothing; see `check_need`.
        """
        self.check_open()
        if need == self.need:
            raise NothingChanged
        check_need(need, taxonomy)
        changed = replace(self, need=need, revision=self.revision + 1)
        return changed, changed.statement()

    def close(self) -> tuple["PublishedNeed", NeedPublished]:
        """Nobody can pledge to it any more.

        Raises:
            NeedClosed: it is closed already.
        """
        self.check_open()
        closed = replace(self, is_open=False, revision=self.revision + 1)
        return closed, closed.statement()

    def statement(self) -> NeedPublished:
        """The need as everybody may see it."""
        return NeedPublished(
            edition_id=self.edition_id,
            need_id=self.need_id,
            revision=self.revision,
            state="open" if self.is_open else "closed",
            need=self.need,
        )
