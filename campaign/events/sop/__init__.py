"""SOPs as data: versioned templates per city, and the checklist that a campaign makes of one."""
