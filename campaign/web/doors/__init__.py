"""The doors of the site: one table a subject, one row an area. What has no row is closed to everybody."""

from campaign.web.area import Area
from campaign.web.doors import campaigns, goods, office, people, service

AREAS: tuple[Area, ...] = (*campaigns.AREAS, *people.AREAS, *goods.AREAS, *service.AREAS, *office.AREAS)  # menu order
