"""Every table of the product, for migrations and for the comparison of models with the database."""

from campaign import audit
from campaign.accounts import models as accounts
from campaign.attendance import models as attendance
from campaign.db import Base
from campaign.documents import models as documents
from campaign.events import models as events
from campaign.events.sop import models as sop
from campaign.imports import models as imports
from campaign.logistics import models as logistics
from campaign.outreach import models as outreach
from campaign.planning import models as planning
from campaign.registry import models as registry

FEATURES = (audit, accounts, registry, events, sop, planning, logistics, outreach, attendance, documents, imports)
metadata = Base.metadata
