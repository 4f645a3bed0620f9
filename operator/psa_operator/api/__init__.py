"""What users write and read: the resources, their conditions, and the definitions made from them."""

from psa_operator.api.crd import render_crds
from psa_operator.api.group import API_VERSION, GROUP, VERSION
from psa_operator.api.integration import PSAIntegration
from psa_operator.api.resync import TicketResync

__all__ = ["API_VERSION", "GROUP", "VERSION", "PSAIntegration", "TicketResync", "render_crds"]
