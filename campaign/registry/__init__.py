"""What changes slowly: areas, facilities, methods, items, providers, calendars."""
