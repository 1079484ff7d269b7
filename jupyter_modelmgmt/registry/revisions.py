"""Verbs on what hangs on deployments: their history and their clients."""

from jupyter_modelmgmt.domain import deploying
from jupyter_modelmgmt.domain.deployments import AddedClient, Client, Difference, Revision
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.hosts import Hosts
from jupyter_modelmgmt.store import clients, revisions


class Revisions(Hosts):
    """Histories and clients of deployments."""

    def deployment_history(self, name: str) -> Listing[Revision]:
        """Return the revisions of a deployment, the last first. Raises NotFound. Source: P13."""
        return Listing(revisions.history(self.store, name))

    def deployment_diff(self, name: str, before: int, after: int) -> Listing[Difference]:
        """Return what differs between two revisions of a deployment. Raises NotFound. Source: N15."""
        old, new = (revisions.revision(self.store, name, number, secrets=True) for number in (before, after))
        return Listing(
            deploying.differences(old.spec, new.spec),
            f"Revisions {before} and {after} of {name} want the same. See all of them with `%model revisions {name}`.",
        )

    def clients(self, name: str) -> Listing[Client]:
        """Return the clients of a deployment. Raises NotFound."""
        return Listing(clients.every(self.store, name))

    def add_client(self, name: str, client: str) -> AddedClient:
        """Let `client` ask a private deployment; its token is told this once. Source: P15.

        One that is there gets another token, and the former ends. Raises BadName, NotFound.
        """
        added = clients.add(self.store, name, client, actor=self.actor)
        self._tell_host()
        return added

    def remove_client(self, name: str, client: str) -> None:
        """Let `client` ask no more, at once. Raises NotFound."""
        clients.remove(self.store, name, client, actor=self.actor)
        self._tell_host()

    def _tell_host(self) -> None:
        if host := self.running_host():
            host.wake()
