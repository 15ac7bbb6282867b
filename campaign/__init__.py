"""Serempak: plans, supplies, runs and reports mass family-planning service campaigns."""
